"""Hostile reports: each costs bounded time and memory and gives a sentence with a cure, never a traceback."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from docx import Document
from taizhang.draft.commitments import split_sentences
from taizhang.draft.in_sandbox import draft_file
from taizhang.draft.reader import draft_report
from taizhang.draft.source import paragraphs_of
from taizhang.draft.values import SourceError
from taizhang.system import limits

pytestmark = pytest.mark.slow

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NUMBERED = '<w:pPr><w:numPr><w:ilvl w:val="{}"/><w:numId w:val="1"/></w:numPr></w:pPr>'


def docx(body: str, numbering: str = "", before: str = "") -> bytes:
    """Return a Word document with this body, these numberings and something in front of its root."""
    plain, target = io.BytesIO(), io.BytesIO()
    Document().save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "word/document.xml":
                part = f'{before}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'.encode()
            if name == "word/numbering.xml" and numbering:
                part = f'<w:numbering xmlns:w="{W}">{numbering}</w:numbering>'.encode()
            new.writestr(name, part)
    return target.getvalue()


def p(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def row(*cells: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{each}</w:tc>" for each in cells) + "</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


HEADS = row(p("存在问题"), p("整改措施"))


def read(data: bytes) -> tuple[int, int]:
    found = draft_report(paragraphs_of("报告.docx", data))
    return len(found.problems), len(found.measures)


def refusal(data: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        paragraphs_of("报告.docx", data)
    return str(caught.value)


def _levels(start: str, style: str = "decimal") -> str:
    return (
        f'<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>'
        '<w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )


ODD_NUMBERS = ["1" * 5000, "99999999999999999999", "²", "-1", "x", ""]


@pytest.mark.parametrize("number", ODD_NUMBERS, ids=lambda each: each[:6])
def test_numbers_that_are_none_or_too_large(number: str) -> None:
    """In gridSpan, gridBefore, the start and the levels of a numbering, an outline's level."""
    span = f'<w:tcPr><w:gridSpan w:val="{number}"/></w:tcPr>'
    before = f'<w:trPr><w:gridBefore w:val="{number}"/></w:trPr>'
    tables = table(row(span + p("存在问题"), p("整改措施")), f"<w:tr>{before}<w:tc>{p('学习不够。')}</w:tc></w:tr>")
    heading = p("一、存在问题", f'<w:pPr><w:outlineLvl w:val="{number}"/></w:pPr>')
    listed = p("学习不够。", NUMBERED.format(number)) + p("调研不深。", NUMBERED.format(0))
    for style in ("decimal", "upperLetter", "chineseCounting", "ideographDigital", "upperRoman"):
        text = [each.label for each in paragraphs_of("x", docx(tables + heading + listed, _levels(number, style)))]
        assert max(map(len, text)) < 40


def test_cells_merged_over_rows_and_columns_stand_where_they_are_seen() -> None:
    down, goes_on = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>', "<w:tcPr><w:vMerge/></w:tcPr>"
    wide = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>'
    inner = table(row(p("里"), p("层")))
    body = table(
        row(wide + p("甲"), p("乙")),
        row(down + p("丙"), p("丁"), inner),
        row(goes_on + "<w:p/>", p("戊"), down + p("己")),
        row(goes_on + "<w:p/>", p("庚"), goes_on + p("辛")),
        row(p("壬"), p("癸")),
    ) + table(row(p("子")))
    cells = [(each.text, each.cell) for each in paragraphs_of("x", docx(body))]
    assert [(text, cell and (cell.table, cell.row, cell.column, cell.last_row)) for text, cell in cells] == [
        ("甲", (1, 1, 1, 1)),
        ("乙", (1, 1, 3, 1)),
        ("丙", (1, 2, 1, 4)),
        ("丁", (1, 2, 2, 2)),
        ("里", (1, 2, 3, 2)),
        ("层", (1, 2, 3, 2)),
        ("戊", (1, 3, 2, 3)),
        ("己", (1, 3, 3, 4)),
        ("庚", (1, 4, 2, 4)),
        ("辛", (1, 4, 3, 4)),
        ("壬", (1, 5, 1, 5)),
        ("癸", (1, 5, 2, 5)),
        ("子", (2, 1, 1, 1)),
    ]


def _rows(count: int) -> bytes:
    return docx(table(HEADS, *(row(p(f"问题{n}：学习不够深入。"), p(f"制定{n}号学习计划。")) for n in range(count))))


def _alike(count: int) -> bytes:
    return docx(table(HEADS, *(row(p("安全生产隐患排查治理不彻底"), p("制定隐患排查治理方案")) for _ in range(count))))


def _lists(count: int) -> bytes:
    linked = "".join(
        f'<w:abstractNum w:abstractNumId="{n}"><w:numStyleLink w:val="z"/></w:abstractNum>' for n in range(count)
    )
    lists = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in range(count))
    return docx(p("一、存在问题"), linked + lists)


def _blanks(count: int) -> bytes:
    return f"二、整改措施\n1.开展学习{' ' * count * 10}。".encode()


SHAPES: dict[str, tuple[Callable[[int], bytes], int]] = {
    "rows of a table": (_rows, 200),
    "rows that say the same": (_alike, 200),
    "lists": (_lists, 1000),
    "blanks": (_blanks, 1000),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_reading_takes_time_in_proportion_to_the_length(shape: str) -> None:
    make, count = SHAPES[shape]
    read(make(10))  # compiles and imports everything once

    def seconds(length: int) -> float:
        data = make(length)
        start = time.process_time()
        read(data)
        return time.process_time() - start

    def out_of_proportion() -> bool:
        return seconds(count * 4) > 8 * max(seconds(count), 0.05)

    assert not all(out_of_proportion() for _ in range(3))  # once is a busy machine


def test_brackets_that_nobody_closes_take_time_in_proportion_to_their_number() -> None:
    def seconds(length: int) -> float:
        start = time.process_time()
        assert len(split_sentences("学“" * length + "习。")[0]) == 1
        return time.process_time() - start

    assert seconds(120_000) < 8 * max(seconds(30_000), 0.05)


@pytest.mark.parametrize(
    ("make", "limit", "words"),
    [
        (lambda: b"x" * 2000, "MAX_REPORT_CHARACTERS", "超过 0 万字"),
        (lambda: "学习不够。\n".encode() * 200, "MAX_REPORT_CHARACTERS", "超过 0 万字"),
        (lambda: "学习不够。\n".encode() * 200, "MAX_REPORT_PARAGRAPHS", "超过 100 段"),
        (lambda: docx(p("学习不够。") * 150), "MAX_REPORT_PARAGRAPHS", "超过 100 段"),
        (lambda: docx("<w:p/>" * 900 + p("学习不够。")), "MAX_REPORT_PARAGRAPHS", "大多是空的"),
        (lambda: docx(p("学" * 300)), "MAX_REPORT_CHARACTERS", "超过 0 万字"),
        (lambda: docx("<w:p/>" * 100), "MAX_REPORT_XML_BYTES", "展开后过大"),
        (lambda: docx("<w:p/>" * 100), "MAX_REPORT_UNPACKED_BYTES", "展开后过大"),
    ],
)
def test_what_is_too_large_is_refused_before_it_is_read(
    make: Callable[[], bytes], limit: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, limit, 100)
    message = refusal(make())
    assert words in message and message.endswith("请核对文件，或新建一个文档，只粘贴材料的正文。")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (docx(p("&z;"), before='<!DOCTYPE x [<!ENTITY z SYSTEM "file:///etc/passwd">]>'), "DOCTYPE"),
        (docx("<w:sdt><w:sdtContent>" * 5000 + p("x") + "</w:sdtContent></w:sdt>" * 5000), "已损坏"),
        (docx("<w:p>"), "已损坏"),
    ],
    ids=["entities", "deep", "broken"],
)  # fmt: skip
def test_markup_that_no_program_writes(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_paragraphs_within_paragraphs_are_read_once() -> None:
    found = paragraphs_of("x", docx("<w:p><w:r><w:t>外</w:t></w:r>" + p("里") + "</w:p>"))
    assert [each.text for each in found] == ["外", "里"]


def test_the_command_says_what_it_cannot_read_and_writes_nothing(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MEMORY_APART", 32 << 20)
    source, ledger = tmp_path / "报告.docx", tmp_path / "整改台账.xlsx"
    source.write_bytes(docx(p("一、存在问题") + p("1.学习不够。") * 900))
    result = run("draft", source, "-l", ledger)
    assert (result.exit_code, result.stdout, ledger.exists()) == (2, "", False)
    assert "报告.docx 读不下去（内存超过 0 GB，或文件内容反常）。请核对是不是对照检查材料" in result.stderr


def test_a_report_read_apart_says_the_same(tmp_path: Path) -> None:
    path = tmp_path / "报\n告.txt"
    path.write_text("一、存在问题\n1.学习不够深入。\n二、整改措施\n1.制定学习计划。\n", encoding="utf-8")
    found = draft_file(path)
    assert found == draft_report(paragraphs_of("x", path.read_bytes()))
    assert (len(found.problems), len(found.measures)) == (1, 1)


def test_a_sentence_that_no_cell_holds_is_told(run: Callable[..., Result], tmp_path: Path) -> None:
    source = tmp_path / "报告.txt"
    source.write_text(
        f"一、存在问题\n1.学习不够深入。\n二、整改措施\n1.制定学习计划{'和要求' * 11_000}。\n", encoding="utf-8"
    )
    result = run("draft", source, "--unit", "某局", "--year", "2022", "-l", tmp_path / "整改台账.xlsx")
    assert result.exit_code == 0
    assert "请核对：RW-001 有一格放不下（Excel 一格最多 32767 字），后面的字没有写进台账。" in result.stdout


def test_a_paragraph_may_hold_more_short_lists_than_python_nests_calls() -> None:
    lists = "1.学习偏少。2.会议偏多。" * 600
    draft = draft_report(paragraphs_of("报告.txt", f"一、存在问题\n{lists}".encode()))
    assert [each.title for each in draft.problems] == ["学习偏少", "会议偏多"] * 600
