"""The vocabulary of forms as enums: column types with their looks, fillers, sensitivities, kinds of indicators."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ColumnType", "Filler", "IndicatorKind", "Sensitivity"]


class ColumnType(StrEnum):
    """What the cells of a column hold.

    ``label`` is the type's word in the office's documentation. ``number_format`` is Excel's format for values (not
    for deadlines in words, which are text). ``width`` is the default width in characters, ``list_name`` the defined
    name of the dropdown's list.
    """

    label: str
    number_format: str
    width: int
    list_name: str

    def __new__(
        cls, name: str, label: str, number_format: str = "", width: int = 12, list_name: str = ""
    ) -> ColumnType:
        """Return the member, with ``name`` alone as its value."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.label, member.number_format, member.width, member.list_name = label, number_format, width, list_name
        return member

    TEXT = "text", "文字", "", 18
    LONG_TEXT = "long_text", "长文字", "", 36
    CODE = "code", "编号", "@"
    DATE = "date", "日期", "yyyy-mm-dd"
    DEADLINE = "deadline", "时限", "yyyy-mm-dd"
    PERCENT = "percent", "百分比", "0%"
    INTEGER = "integer", "整数", "0"
    DECIMAL = "decimal", "小数", "0.0"
    MONEY = "money", "金额", "#,##0.00"
    CHOICE = "choice", "单选"
    CHOICES = "choices", "多选"
    REFERENCE = "reference", "引用"
    REFERENCES = "references", "引用（可多个）"
    DEPARTMENT = "department", "部门", "", 12, "部门清单"
    DEPARTMENTS = "departments", "部门（可多个）"
    POST = "post", "岗位", "", 12, "岗位清单"
    BRANCH = "branch", "党支部", "", 12, "党支部清单"
    ASPECT = "aspect", "方面", "", 12, "方面清单"
    PERIOD = "period", "期次", "", 12, "期次清单"

    @property
    def is_text(self) -> bool:
        """Whether cells hold prose, stored as typed."""
        return self in (ColumnType.TEXT, ColumnType.LONG_TEXT)

    @property
    def is_day(self) -> bool:
        """Whether cells hold a day, or words that mean one."""
        return self in (ColumnType.DATE, ColumnType.DEADLINE)

    @property
    def is_number(self) -> bool:
        """Whether cells hold a number other than a percentage."""
        return self in (ColumnType.INTEGER, ColumnType.DECIMAL, ColumnType.MONEY)

    @property
    def is_choice(self) -> bool:
        """Whether cells hold choices that the form lists."""
        return self in (ColumnType.CHOICE, ColumnType.CHOICES)

    @property
    def is_reference(self) -> bool:
        """Whether cells hold codes of another register."""
        return self in (ColumnType.REFERENCE, ColumnType.REFERENCES)

    @property
    def is_listed(self) -> bool:
        """Whether cells hold names from a list of 参数."""
        return self in _LISTED

    @property
    def left(self) -> bool:
        """Whether a register aligns the cells left: prose, deadlines and types with several values."""
        several = (ColumnType.DEPARTMENTS, ColumnType.REFERENCES, ColumnType.CHOICES)
        return self.is_text or self is ColumnType.DEADLINE or self in several


_LISTED = (
    ColumnType.DEPARTMENT, ColumnType.DEPARTMENTS, ColumnType.POST, ColumnType.BRANCH, ColumnType.ASPECT,
    ColumnType.PERIOD,
)  # fmt: skip


class Filler(StrEnum):
    """Who fills a column or adds rows."""

    OFFICE = "office"
    DEPARTMENT = "department"


class Sensitivity(StrEnum):
    """Who may see a register; only counts of a personal register leave the office."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"


class IndicatorKind(StrEnum):
    """How an indicator is computed."""

    COUNT = "count"
    COUNT_BY = "count_by"
    DISTINCT = "distinct"
    SHARE = "share"
    OVERDUE = "overdue"
    ON_TIME = "on_time"
    MEDIAN_DAYS = "median_days"
    MEAN_DAYS = "mean_days"
    OPEN_DAYS = "open_days"
    LATEST = "latest"
    SUM = "sum"
    RATIO = "ratio"
    COMPARE = "compare"

    @property
    def of_days(self) -> bool:
        """Whether the figure is a number of days: 天, or working days if its unit says so."""
        return self in (
            IndicatorKind.MEDIAN_DAYS, IndicatorKind.MEAN_DAYS, IndicatorKind.OPEN_DAYS, IndicatorKind.LATEST,
        )  # fmt: skip

    @property
    def has_whole(self) -> bool:
        """Whether the figure is a part of a whole, so that it can be compared as a percentage."""
        return self in (
            IndicatorKind.SHARE, IndicatorKind.OVERDUE, IndicatorKind.ON_TIME, IndicatorKind.RATIO,
            IndicatorKind.COMPARE,
        )  # fmt: skip

    @property
    def counts(self) -> bool:
        """Whether the indicator only counts rows; a personal register may have no other."""
        return self in (
            IndicatorKind.COUNT, IndicatorKind.COUNT_BY, IndicatorKind.DISTINCT, IndicatorKind.SHARE,
            IndicatorKind.OVERDUE, IndicatorKind.ON_TIME,
        )  # fmt: skip
