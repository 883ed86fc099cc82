"""The mapping (对照): which field each head of the office's own table is, and the file in which the office keeps it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from taizhang.adopt.asides import is_note, is_total, numbers_columns
from taizhang.adopt.fields import CONTENT, NOT_WRITTEN, OWN, Field, Words, standard_words
from taizhang.adopt.grid import Cell
from taizhang.adopt.heads import Head, Table
from taizhang.adopt.marked import value_of_marks
from taizhang.adopt.owners import is_department, is_post
from taizhang.adopt.words import is_tick, read_closed, read_status
from taizhang.ledger.vocabulary import Status
from taizhang.system.files import StoreError, read_file, refuse_doubled
from taizhang.typed.dates import read_date
from taizhang.typed.deadlines import read_deadline
from taizhang.typed.numerals import as_ranges
from taizhang.typed.personal import find_personal, looks_like_a_name
from taizhang.typed.readings import quote
from taizhang.typed.text import as_text, clean_key, head_key, split_many
from taizhang.workbook.places import column_letters

__all__ = ["KEPT_NAME", "Basis", "Kept", "Mapped", "kept_text", "propose", "read_kept"]

KEPT_NAME = "收编对照.txt"
"""The file beside the ledger in which a confirmed mapping is kept."""

HEADS, POSTS, STATUSES = "表头", "岗位", "状态"
_SECTION = re.compile(r"[\[【［〔]([^\[\]【】［］〔〕=]+)[\]】］〕]")
_QUOTES = "\"'“”‘’ "
_MOST = 0.6
"""The least share of a column's values that must look like something for the column to be taken for it."""
_EXAMPLES = 3
_LONGEST_EXAMPLE = 14
_DONE_DAY = re.compile(r"实际|已(?:办结|完成|销号)|销号(?!时限|期限)")
_BOTH = re.compile(r"问题.{0,4}(?:及|和|与|、|/|·).{0,6}(?:措施|任务|举措)")
_NUMBER_OF_PROBLEM = re.compile("问题(?:编|序)?号$")
_COUNT = re.compile(r"\d+\s?[个项条件]?")
_PERIOD = re.compile(r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})月|第?[一二三四1-4]季度|[上下]半年")
_PERCENT = re.compile(r"\d+(?:\.\d+)?\s*[%％]")


class Basis(StrEnum):
    """Why a column was taken for a field, in the office's words."""

    KEPT = "按对照文件"
    HEAD = "按表头"
    CONTENT = "按内容"
    UNKNOWN = "认不出"


@dataclass(frozen=True)
class Kept:
    """What the office has ruled: head (as a key) → title of a field, name or words → post, words → status."""

    heads: Mapping[str, str] = field(default_factory=dict)
    posts: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, Status] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mapped:
    """One column with its field, the reason, and examples of its cells that are safe to show.

    ``status`` is the status that a tick in the column means, None for any other column; ``value`` any other value that
    a mark in it gives, such as a department; ``filled`` is whether it has any cell.
    """

    head: Head
    field: Field
    basis: Basis
    examples: tuple[str, ...]
    status: Status | None = None
    filled: bool = True
    value: str = ""

    @property
    def title(self) -> str:
        """The head as people call it; a column without one is called by its letter."""
        return self.head.text or f"{column_letters(self.head.column)}列"

    @property
    def names_both(self) -> bool:
        """Whether one column has both problems and measures (问题及整改措施): the problems are titles above theirs."""
        return self.field.name == "statement" and _BOTH.search(self.head.text) is not None


def read_kept(path: Path, words: Words) -> Kept:
    """Read a kept mapping; an empty one if there is no such file. Raises StoreError, with the lines, if it is wrong.

    The file is plain text: a title in square brackets, and lines with words, an equals sign and what they mean.
    """
    refuse_doubled(path)
    if not path.exists():
        return Kept()
    found: dict[str, dict[str, str]] = {HEADS: {}, POSTS: {}, STATUSES: {}}
    allowed = {HEADS: tuple(words.by_title), STATUSES: tuple(Status)}
    section = HEADS
    unread: list[int] = []
    unknown: dict[str, list[str]] = {}
    for number, line in enumerate(_text_of(path).splitlines(), 1):
        bare = line.strip().replace("＝", "=")
        if not bare or bare.startswith("#"):
            continue
        if title := _SECTION.fullmatch(bare):
            section = title[1].strip()
            if section not in found:
                raise StoreError(f"{path.name} 第 {number} 行的“{section}”不认识，可以写：{'、'.join(found)}。")
            continue
        left, equals, right = (part.strip().strip(_QUOTES) for part in bare.rpartition("="))
        if not (left and equals and right):
            unread.append(number)
        elif section in allowed and right not in allowed[section]:
            unknown.setdefault(section, []).append(f"第 {number} 行的“{right}”")
        else:
            found[section][head_key(left) if section == HEADS else clean_key(left)] = right
    if unread:
        raise StoreError(f"{path.name} 第 {as_ranges(unread)} 行没有看懂，请写成“原表的话 = 意思”。")
    for name, places in unknown.items():
        raise StoreError(f"{path.name} {'、'.join(places)}不能用，可以写：{'、'.join(allowed[name])}。")
    return Kept(found[HEADS], found[POSTS], {word: Status(status) for word, status in found[STATUSES].items()})


def _text_of(path: Path) -> str:
    """Return a text file's text, in any encoding that editors save; raises StoreError if it is none."""
    data = read_file(path)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        raise StoreError(f"{path.name} 不是文字文件，不能当对照文件。请用记事本写一份，另存为 .txt 再运行。")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def kept_text(mapped: Sequence[Mapped], kept: Kept) -> str:
    """Return the text of the file for a confirmed mapping, with what was ruled before."""
    heads = {**kept.heads, **{head_key(each.title): each.field.title for each in mapped}}
    lines = [
        "# 收编对照：原表的表头各是台账的哪一列。下次收编同样的表就照这里办，不再问；不对的改等号右边。",
        f"# 可以写：{'、'.join(standard_words().by_title)}",
        f"# “{OWN.title}”是作为自己的列放在右边，“{NOT_WRITTEN.title}”是不写进台账。",
        f"[{HEADS}]",
        *(f"{head} = {title}" for head, title in heads.items()),
        "",
        "# 原表写了姓名的，在这里写明各是什么岗位：原表的话 = 岗位。",
        f"[{POSTS}]",
        *(f"{word} = {post}" for word, post in kept.posts.items()),
        "",
        f"# 原表的状态怎样理解：原表的话 = {'、'.join(Status)}中的一个。",
        f"[{STATUSES}]",
        *(f"{word} = {status}" for word, status in kept.statuses.items()),
    ]
    return "\n".join(lines) + "\n"


def propose(table: Table, words: Words, kept: Kept) -> tuple[Mapped, ...]:
    """Return a field for every column of a table: as kept, else by its head and its cells, else a column of its own.

    No field is given to two columns, except for ticks under several statuses, and what holds persons' names or numbers.
    """
    found: list[Mapped] = []
    below = [(row, table.grid.own(row)) for row in range(table.bottom + 1, table.grid.height + 1)]
    rows = [row for row, cells in below if cells and not _is_aside(cells)]
    for head in table.heads:
        cells = [cell for row in rows if (cell := _own(table, row, head))]
        taken = {each.field.name for each in found if each.filled or not (each.status or each.value)}
        found.append(_map_column(head, cells, words, kept, taken))
    return _with_links(_with_a_problem(_latest_of_series(found), words), words)


def _is_aside(cells: Sequence[Cell]) -> bool:
    """Whether a row is no entry: a total, a note, numbers of the columns, or a title over several columns."""
    title = len(cells) == 1 and cells[0].right > cells[0].column
    return title or is_total(cells) or is_note(cells) or numbers_columns(cells)


def _latest_of_series(found: Sequence[Mapped]) -> tuple[Mapped, ...]:
    """Return the columns with the last one filled, of a series by months or quarters (1月进展, 2月进展), as the field.

    The earlier ones stay as columns of the office's own. A kept mapping names the column of an earlier month.
    """
    known = (Basis.HEAD, Basis.KEPT)
    result = list(found)
    for number, first in enumerate(found):
        words = _PERIOD.sub("", first.head.text, count=1)
        if first.basis not in known or first.field is OWN or words == first.head.text:
            continue
        series = [
            place
            for place, each in enumerate(found)
            if each.filled
            and each.basis in known
            and each.field in (OWN, first.field)
            and _PERIOD.sub("", each.head.text, count=1) == words
        ]
        if len(series) > 1 and series[-1] != number:
            last = series[-1]
            result[number], result[last] = replace(first, field=OWN), replace(found[last], field=first.field)
    return tuple(result)


def _with_a_problem(found: Sequence[Mapped], words: Words) -> tuple[Mapped, ...]:
    """Return the columns, with 具体表现 as the problem if no column has problems and the office has not ruled it."""
    if any(each.field.name == "problem" for each in found):
        return tuple(found)
    meant = words.fields["problem"]
    ruled = Basis.KEPT
    return tuple(replace(e, field=meant) if e.field.name == "detail" and e.basis is not ruled else e for e in found)


def _with_links(found: Sequence[Mapped], words: Words) -> tuple[Mapped, ...]:
    """Return the columns, with the number of a problem as what links a measure to it if the table has no problems."""
    if any(each.field.name in ("problem", "of_problem") for each in found):
        return tuple(found)
    meant = words.fields["of_problem"]
    return tuple(
        replace(each, field=meant)
        if each.basis is not Basis.KEPT and _NUMBER_OF_PROBLEM.search(each.head.text)
        else each
        for each in found
    )


def _own(table: Table, row: int, head: Head) -> Cell | None:
    cell = table.grid.at(row, head.column)
    return cell if cell and cell.row == row and cell.column == head.column else None


def _map_column(head: Head, cells: Sequence[Cell], words: Words, kept: Kept, taken: set[str]) -> Mapped:
    texts = tuple(dict.fromkeys(cell.text for cell in cells))
    title = head.text or f"{column_letters(head.column)}列"
    status = _ticked_status(head, words)
    ruled = kept.heads.get(head_key(title))
    marked = value_of_marks(head.words, texts, words)
    if marked and ruled in (None, marked[0].title):
        basis = Basis.KEPT if ruled else Basis.HEAD
        return Mapped(head, marked[0], basis, _examples(texts, marked[0]), filled=bool(texts), value=marked[1])
    if ruled:
        meant, basis = words.by_title[ruled], Basis.KEPT
        status = status if meant.name == "status" and texts and all(is_tick(each, words) for each in texts) else None
    elif status and all(is_tick(each, words) for each in texts):
        meant = words.fields["status"]
        return Mapped(head, meant, Basis.HEAD, _examples(texts, meant), status, filled=bool(texts))
    else:
        status = None
        meant, basis = _by_head(head, words)
        meant, basis = _by_content(meant, basis, cells, texts, words, taken, title)
    if meant.name in taken and meant not in (OWN, NOT_WRITTEN) and meant.name not in ("person", "contact"):
        second = {"problem": "detail", "deadline": "closed_on", "department": "supporting"}.get(meant.name, "")
        dated = meant.name != "deadline" or _DONE_DAY.search(title)
        free = second and second not in taken and dated and basis is not Basis.KEPT
        meant, basis = (words.fields[second], basis) if free else (OWN, basis)
    return Mapped(head, meant, basis, _examples(texts, meant), status, filled=bool(texts))


def _ticked_status(head: Head, words: Words) -> Status | None:
    """Return the status that a tick below a head means: below 已完成, or below 是 or 否 of 是否完成; None if none."""
    if not head.words:
        return None
    last = clean_key(head.words[-1])
    over = words.field_of("".join(head.words[:-1])) if len(head.words) > 1 else None
    asked = over is not None and over.name == "status"
    return read_status(last, words, {}) if asked else words.statuses.get(last)


def _by_head(head: Head, words: Words) -> tuple[Field, Basis]:
    """Return the field that a head means: the lowest of its words first, then all of them."""
    for text in (*head.words[::-1][:1], "".join(head.words), *head.words[::-1][1:]):
        if found := words.field_of(text):
            return found, Basis.HEAD
    if found := words.loosely(head.text):
        return found, Basis.HEAD
    return OWN, Basis.UNKNOWN


def _by_content(
    meant: Field,
    basis: Basis,
    cells: Sequence[Cell],
    texts: Sequence[str],
    words: Words,
    taken: set[str],
    title: str,
) -> tuple[Field, Basis]:
    """Return the field that the cells show where they contradict the head, or where the head says nothing."""
    fields = words.fields
    if not texts:
        return meant, basis
    if meant.name in CONTENT and all(map(_is_number, texts)):
        return OWN, Basis.UNKNOWN
    if meant.name in ("update", "status", "closed") and all(is_tick(each, words) for each in texts):
        return (meant, basis) if meant.name == "closed" else (fields["status"], Basis.CONTENT)
    if meant.name in ("update", "closed", "progress") and _share(
        texts, lambda each: read_status(each, words, {}) is not None
    ):
        return (meant, basis) if meant.name == "closed" else (fields["status"], Basis.CONTENT)
    if meant.name == "closed" and not words.is_head(title) and not any(map(_says_closed(words), texts)):
        return OWN, Basis.UNKNOWN
    if meant.name == "status" and not _share(texts, lambda each: read_status(each, words, {}) is not None):
        long = _share(texts, lambda each: len(each) > _LONGEST_EXAMPLE)
        return (fields["update"], Basis.CONTENT) if long and "update" not in taken else (meant, basis)
    if meant.name == "deadline" and _DONE_DAY.search(title):
        return fields["closed_on"], basis
    named = _share(_words_in(texts), lambda each: looks_like_a_name(each) or bool(find_personal(each)))
    if meant.name in ("department", "supporting", "leader") and named:
        return fields["person"], Basis.CONTENT
    if meant.name == "person" and _share(_words_in(texts), is_department):
        return fields["department"], Basis.CONTENT
    if meant is not OWN:
        return meant, basis
    if all(find_personal(each) for each in texts):
        return fields["contact"], Basis.CONTENT
    others = words.looks_on(title)
    guesses = (
        ("person", named),
        ("number", _counts_on(cells) and not taken & {"number", *CONTENT}),
        ("leader", not others and _share(_words_in(texts), is_post)),
        ("department", not others and _share(_words_in(texts), is_department)),
        ("progress", _share(texts, lambda each: _PERCENT.fullmatch(each) is not None)),
        ("deadline", _share_of_cells(cells, _is_day)),
        ("status", _share(texts, lambda each: clean_key(each) in words.statuses)),
    )
    guess = next((name for name, fits in guesses if fits and name not in taken), "")
    return (fields[guess], Basis.CONTENT) if guess else (OWN, Basis.UNKNOWN)


def _is_number(text: str) -> bool:
    """Whether a text is a count (12, 12个): problems and measures are told, not counted."""
    return _COUNT.fullmatch(clean_key(text)) is not None


def _says_closed(words: Words) -> Callable[[str], bool]:
    """Return whether a text says whether, or on which day, something was closed."""
    return lambda each: read_closed(each, words) is not None or read_date(each).value is not None


def _words_in(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(word for text in texts for word in split_many(text))


def _share(texts: Sequence[str], fits: Any) -> bool:
    return bool(texts) and sum(map(bool, map(fits, texts))) >= _MOST * len(texts)


def _share_of_cells(cells: Sequence[Cell], fits: Any) -> bool:
    return len(cells) > 0 and sum(map(bool, map(fits, cells))) >= _MOST * len(cells)


def _is_day(cell: Cell) -> bool:
    if read_date(cell.raw).value:
        return True
    deadline = read_deadline(cell.raw) if isinstance(cell.raw, str) and len(cell.raw) <= 20 else None
    return bool(deadline and (deadline.date or deadline.ongoing))


def _counts_on(cells: Sequence[Cell]) -> bool:
    """Whether a column counts 1, 2, 3, … down the table."""
    numbers = [as_text(cell.raw) for cell in cells]
    return len(numbers) > 1 and numbers[:3] == [str(number) for number in range(1, len(numbers[:3]) + 1)]


def _examples(texts: Sequence[str], meant: Field) -> tuple[str, ...]:
    """Return a few of a column's texts that are safe to show."""
    if meant.name in ("person", "contact"):
        return ()
    shown = [each for each in texts if not any(map(looks_like_a_name, (each, *split_many(each))))]
    cut = [each if len(each) <= _LONGEST_EXAMPLE else f"{each[: _LONGEST_EXAMPLE - 1]}…" for each in shown]
    return tuple(quote(each) for each in dict.fromkeys(cut))[:_EXAMPLES]
