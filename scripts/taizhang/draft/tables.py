"""Tables of a report (问题｜原因｜整改措施｜责任部门｜时限): the kind of each column by its head, and the rows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from taizhang.draft import words
from taizhang.draft.headings import is_aspect_title
from taizhang.draft.names import is_department
from taizhang.draft.values import Paragraph, TableCell

__all__ = ["Row", "head_kind", "is_head_row", "read_tables"]

_LONGEST_HEAD = 16
_SHORTEST_PROBLEM = 6
"""Characters; most cells of a column of problems have at least as many, and are no names of departments."""
_SPREADS = ("aspect", "problem", "owner", "supporting", "leader", "deadline", "standard")
"""The kinds of columns whose cell may be about several rows."""

_TOLD = re.compile(r"情况|进展|成效|结果")
"""Words of a head whose column tells what was done, not only a state."""

_AND_MORE = (
    r"(?:[及和与、/]{1,2}(?:(?:完成|整改|落实)?(?:时限|期限|时间|目标|标准)|责任(?:分工|单位|部门|人)?|分工|要求)){0,3}"
)
"""What the head of a column names beside its first kind: its cells may say that, too (整改措施及责任)."""

_HEADS = (
    ("other", r"序号|编号|项目编号|备注|联系人|联系电话|电话|说明|" + words.HEAD_OTHER),
    (
        "state",
        rf".{{0,6}}(?:状态|进展|进度)(?:情况)?|(?:整改|完成|落实|办理|整改完成|整改落实|目前)情况|是否(?:完成|销号|整改到位)|{words.FIELD_STATE}",
    ),
    (
        "owner",
        rf"(?:{words.HEAD_LEAD}|.{{0,4}}(?:责任|牵头).{{0,4}}|{words.WORD_OF_UNIT})[及和与、/](?:完成|整改)?(?:时限|期限|时间)(?:要求)?",
    ),
    ("deadline", rf"(?:什么时候|何时).{{0,6}}|.{{0,8}}(?:时限|期限|时间|完成日期|时间节点)(?:要求)?|{words.HEAD_WHEN}"),
    ("supporting", rf"{words.HEAD_SUPPORT}"),
    (
        "owner",
        rf"(?:由谁|谁来|谁).{{0,3}}|.{{0,4}}(?:领导|责任人|负责人)[及和与、/](?:责任|牵头)?{words.WORD_OF_UNIT}|{words.WORD_OF_UNIT}[及和与、/].{{0,4}}(?:领导|责任人|负责人)|{words.HEAD_LEAD}|{words.HEAD_BOTH}|.{{0,8}}(?:责任|牵头|主办|落实|承办){words.WORD_OF_UNIT}.{{0,8}}|(?:责任|牵头)(?:部门|单位)?|责任主体|[一-鿿]{{0,4}}{words.WORD_OF_UNIT}",
    ),
    ("leader", rf"{words.HEAD_LEADER}|.{{0,6}}(?:领导|责任人|负责人)"),
    (
        "measure",
        r"(?:怎么|如何)(?:整?改|办|解决|做)|.{0,10}(?:措施|举措|任务|对策|(?:整改|解决|改进|处理)(?:办法|方案|意见)|整改内容|整改要求|努力方向|建议|工作安排|打算)(?:清单|内容|要求)?"
        + _AND_MORE
        + r"|整改(?:计划|方案|事项|项目)|(?:具体|重点|主要)(?:工作|事项)",
    ),
    ("standard", rf"{words.HEAD_STANDARD}|.{{0,6}}(?:什么程度|什么效果)"),
    ("cause", r".{0,10}(?:原因|根源|症结|成因).{0,6}"),
    ("aspect", r"(?:对照)?方面|(?:问题)?(?:类别|类型|领域|分类)|所属方面|检查项目|检视内容|项目|维度"),
    (
        "problem",
        r".{0,10}(?:问题|表现|不足|差距|短板|隐患|情形|堵点|难点|痛点|卡点|风险[点项]?|不符合项|(?:短板)?弱项)(?:[或和与及、/](?:问题|风险|隐患|不足))?(?:表现|清单|描述|内容|事项|概述|情况)?|反馈意见|意见建议|具体情形|检查结果",
    ),
)


@dataclass(frozen=True)
class Row:
    """One row of a table: the paragraphs of each kind, with those of merged cells repeated in every row they cover."""

    number: int
    aspect: tuple[Paragraph, ...] = ()
    problem: tuple[Paragraph, ...] = ()
    cause: tuple[Paragraph, ...] = ()
    measure: tuple[Paragraph, ...] = ()
    owner: tuple[Paragraph, ...] = ()
    supporting: tuple[Paragraph, ...] = ()
    leader: tuple[Paragraph, ...] = ()
    deadline: tuple[Paragraph, ...] = ()
    standard: tuple[Paragraph, ...] = ()
    state: tuple[Paragraph, ...] = ()
    other: tuple[Paragraph, ...] = ()
    unknown: tuple[Paragraph, ...] = ()
    group: str = ""
    assumed: str = ""
    """The head of the column that was taken for that of problems, which it does not say; in the row of heads."""

    taken: bool = False
    """Whether the measures are what was done: the table has a column of progress and none of measures."""

    def first_of(self, paragraph: Paragraph) -> bool:
        """Whether a paragraph's cell begins in this row, rather than being merged into it from above."""
        return paragraph.cell is not None and paragraph.cell.row == self.number

    @property
    def deadline_words(self) -> str:
        """The words of the deadline column."""
        return "；".join(paragraph.flow for paragraph in self.deadline)

    @property
    def standard_words(self) -> str:
        """The words of the column of standards."""
        return "；".join(paragraph.flow for paragraph in self.standard)


def read_tables(paragraphs: Sequence[Paragraph]) -> tuple[tuple[Row, ...], tuple[Paragraph, ...]]:
    """Return the rows of the tables whose heads are recognised, and all other paragraphs in source order.

    A table without a column for problems or measures is a frame around text or another list: its cells are plain
    paragraphs. A table without heads of its own that has as many columns as the one before goes on with it.
    """
    tables: dict[int, list[tuple[Paragraph, TableCell]]] = defaultdict(list)
    for paragraph in paragraphs:
        if paragraph.cell is not None:
            tables[paragraph.cell.table].append((paragraph, paragraph.cell))
    rows: list[Row] = []
    read: set[int] = set()
    before: dict[int, str] = {}
    for cells in tables.values():
        heads = _find_heads(cells)
        if heads is None and before and max(cell.column for _, cell in cells) == max(before):
            heads = (0, before)
        if heads:
            before = heads[1]
            rows += _rows(cells, *heads)
            read |= {paragraph.number for paragraph, _ in cells}
    return tuple(rows), tuple(paragraph for paragraph in paragraphs if paragraph.number not in read)


def is_head_row(titles: Sequence[str]) -> bool:
    """Whether these are the heads of a table of problems or measures."""
    kinds = {kind for title in titles if (kind := head_kind(title))}
    return len(kinds) >= 2 and bool(kinds & {"problem", "measure"})


def _find_heads(cells: Sequence[tuple[Paragraph, TableCell]]) -> tuple[int, dict[int, str]] | None:
    """Find the row of heads, or two of them, that begins among the first four rows.

    Returns the last row of heads with the kind of each column, or None.
    """
    for number in range(1, 5):
        titles = _titles(cells, number)
        below = min((cell.row for _, cell in cells if cell.row > number), default=number)
        for row, heads in ((below, _with_heads_below(titles, _titles(cells, below))), (number, titles)):
            kinds = {column: kind for column, title in heads.items() if (kind := head_kind(title))}
            if len(set(kinds.values())) >= 2 and {"problem", "measure"} & set(kinds.values()):
                return row, _with_problems(_one_of_each(kinds, heads), heads, cells, row)
    return None


def _with_problems(
    kinds: dict[int, str], heads: Mapping[int, str], cells: Sequence[tuple[Paragraph, TableCell]], row: int
) -> dict[int, str]:
    """Return the kinds with the problems: where no head names them, the texts right before the measures (发现事项)."""
    columns = [column for column in sorted(heads) if kinds.get(column) != "cause"]
    measure = next((n for n, column in enumerate(columns) if kinds.get(column) == "measure"), 0)
    before = columns[measure - 1] if measure else 0
    if "problem" in kinds.values() or not before or before in kinds:
        return kinds
    texts = [paragraph.flow for paragraph, cell in cells if cell.column == before and cell.row > row]
    long = sum(len(text) >= _SHORTEST_PROBLEM and not is_department(text) for text in texts)
    return {**kinds, before: "problem"} if texts and long * 3 >= len(texts) * 2 else kinds


def _titles(cells: Sequence[tuple[Paragraph, TableCell]], row: int) -> dict[int, str]:
    found: dict[int, str] = defaultdict(str)
    for paragraph, cell in cells:
        if cell.row == row:
            found[cell.column] += paragraph.flow
    return dict(found)


def _with_heads_below(titles: Mapping[int, str], below: Mapping[int, str]) -> dict[int, str]:
    """Return the heads of two rows (整改 over 措施, 部门, 时限) by column; empty if the second row holds no heads."""
    if not titles or set(below) <= set(titles):
        return {}
    found = dict(titles)
    for column, title in below.items():
        over = titles.get(max((each for each in titles if each <= column), default=0), "")
        found[column] = title if head_kind(title) else over + title
        if not head_kind(found[column]):
            return {}
    return found


def _one_of_each(kinds: Mapping[int, str], titles: Mapping[int, str]) -> dict[int, str]:
    """Return the kinds with at most one column of problems; of two (问题, 具体问题), the general one has aspects."""
    found = dict(kinds)
    problems = [column for column, kind in found.items() if kind == "problem"]
    if (
        len(problems) > 1
        and "aspect" not in found.values()
        and not re.search(r"表现|描述|内容|概述", titles[problems[0]])
    ):
        found[problems[0]] = (
            "aspect" if len(problems) == 2 and re.search(r"具体|表现|描述", titles[problems[1]]) else "problem"
        )
    return found


def head_kind(title: str) -> str:
    """Return the kind of a column by its head, a field of Row; empty if the head is none that is known."""
    bare = re.sub(r"[（(].*|[：:*\s　]", "", title)
    if not bare or len(bare) > _LONGEST_HEAD:
        return ""
    return next((kind for kind, pattern in _HEADS if re.fullmatch(pattern, bare)), "")


def _rows(cells: Sequence[tuple[Paragraph, TableCell]], head_row: int, kinds: dict[int, str]) -> Iterator[Row]:
    above = tuple(paragraph for paragraph, cell in cells if cell.row <= head_row)
    if above:
        yield Row(head_row, other=above, assumed=_assumed_head(cells, head_row, kinds))
    title = "".join(
        paragraph.flow for paragraph, cell in cells if cell.row == head_row and kinds.get(cell.column) == "measure"
    )
    told = "".join(
        paragraph.flow for paragraph, cell in cells if cell.row == head_row and kinds.get(cell.column) == "state"
    )
    held: dict[int, dict[str, list[Paragraph]]] = defaultdict(lambda: defaultdict(list))
    for paragraph, cell in cells:
        kind = kinds.get(cell.column, "unknown")
        last = cell.last_row if kind in _SPREADS else cell.row
        for number in range(max(cell.row, head_row + 1), last + 1):
            held[number][kind].append(paragraph)
    _carry_on(held, set(kinds.values()))
    for number in sorted(held):
        found = {kind: tuple(each) for kind, each in held[number].items()}
        taken = "measure" not in kinds.values() and bool(_TOLD.search(told))
        if taken:
            found["measure"] = found.pop("state", ())
        yield Row(number, **found, group=title or (told if taken else "整改措施"), assumed="", taken=taken)


def _assumed_head(cells: Sequence[tuple[Paragraph, TableCell]], head_row: int, kinds: Mapping[int, str]) -> str:
    """Return the head of a column that was taken for that of problems without saying so; empty if there is none."""
    column = next((column for column, kind in kinds.items() if kind == "problem"), 0)
    heads = [paragraph.flow for paragraph, cell in cells if cell.column == column and cell.row <= head_row]
    return "" if any(map(head_kind, (*heads, "".join(heads)))) else "".join(heads[-1:])


def _only_titles(row: Mapping[str, list[Paragraph]]) -> bool:
    """Whether a row holds nothing but the title of an aspect over the rows below (党建方面)."""
    said = {kind for kind, paragraphs in row.items() if paragraphs} - {"other"}
    return said == {"problem"} and is_aspect_title("".join(each.flow for each in row["problem"]))


def _carry_on(held: dict[int, dict[str, list[Paragraph]]], kinds: Set[str]) -> None:
    """Let a row have the cells of the row above where it says 同上, or where its problem or aspect is left blank.

    A row without a problem of its own goes on with the one above, and with its owners and deadline.
    """
    above: dict[str, list[Paragraph]] = {}
    titled = [row for row in held.values() if _only_titles(row)]
    for row in titled:
        row["aspect"] = row.pop("problem")
    kinds = {*kinds, "aspect"} if titled else kinds
    for number in sorted(held):
        row = held[number]
        goes_on = "problem" in kinds and not row["problem"] and bool(row["measure"] or row["cause"])
        for kind in (each for each in _SPREADS if each in kinds):
            says_same = bool(row[kind]) and all(paragraph.flow in words.SAME for paragraph in row[kind])
            if says_same:
                row["other"] += row[kind]
            if says_same or (not row[kind] and (kind == "aspect" or goes_on)):
                row[kind] = above.get(kind, [])
        above = row
