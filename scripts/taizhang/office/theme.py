"""The look of everything generated: colours and fonts."""

from __future__ import annotations

__all__ = [
    "BODY_FONT", "HEADING_FONT", "LATIN_FONT", "NOTE_FONT", "NUMBER_FONT", "TEXT_FONT", "TITLE_FONT", "Palette",
]  # fmt: skip

TITLE_FONT, TEXT_FONT, NUMBER_FONT = "方正小标宋简体", "微软雅黑", "Arial"
# Fonts of slips and public sheets, which follow the layout of official documents (GB/T 9704).
BODY_FONT, HEADING_FONT, NOTE_FONT, LATIN_FONT = "仿宋", "黑体", "楷体", "Times New Roman"


class Palette:
    """Hex colours. Hues are used sparingly: red, orange, amber and green only for lights."""

    INK, INK2, MUTED, ZERO = "#1F2933", "#56616C", "#6B7682", "#9AA5B1"
    LINE, GRID, PANEL = "#D5DBE1", "#E6EAEE", "#F4F6F9"
    NAVY, LINK, RED_RULE = "#17406D", "#2E6FB0", "#C8161D"
    RED, AMBER, GREEN = "#C8161D", "#E8A200", "#00806A"
    RED_TINT, ORANGE_TINT, AMBER_TINT, GREEN_TINT = "#FDE7E4", "#FFE1CC", "#FFF1CF", "#DFF3EA"
    RED_TEXT, ORANGE_TEXT, AMBER_TEXT, GREEN_TEXT = "#B4161B", "#9A3B00", "#8A5300", "#0A6650"
    BLUE_TINT, BLUE_TEXT = "#DCE9F7", "#1F4E8C"
    WAITING_TINT, WAITING_TEXT, PAUSED_TINT = "#ECE9F5", "#4F4482", "#ECEFF2"
    NOT_STARTED, RUNNING, DONE, CLOSED = "#D3D9E0", "#A9C8E6", "#5B9BD0", "#17406D"
    BAR, INPUT = "#8DBBE0", "#FFFBEA"
    BAR_PALE, HEAT_LOW, HEAT_HIGH = "#BBD5EC", "#FFFFFF", "#5B9BD0"
    LATE, PLANNED, FINISHED = "#F9C9C3", "#D6E6F4", "#C3CDD8"
    PLAN_LINE, HATCH = "#8593A1", "#DCEAF6"
