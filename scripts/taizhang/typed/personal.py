"""Find personal and classified data in text: reported by kind, never repeated."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from taizhang.typed.folding import fold, squeeze
from taizhang.typed.text import DIGITS_KEPT, clean_key

__all__ = ["find_personal", "looks_like_a_name", "without_personal"]

_NUMERIC = r"\d⁰¹²³⁴-⁹₀-₉①-⑨⓪〇零○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
_SUSPECT = re.compile(
    rf"[密宻秘祕㊙★☆⭐✩-✰⋆证證]|护照|護照|[内內].{{0,3}}部|(?:[{_NUMERIC}][^{_NUMERIC}]*){{7}}", re.DOTALL
)
"""A cheap filter: a text that does not match holds nothing to find and need not be folded."""

_RUN = re.compile(r"\d(?:[\s\-./。,()转A-Za-z]{0,6}\d){6,}")
_DAY = re.compile(r"(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}")
"""_RUN matches seven or more digits close together, _DAY a run that is only a date.

Most cells with digits contain no other runs.
"""
_MARKING = re.compile("[密★]|内.{0,3}部", re.DOTALL)

_STARTS = r"(?<![0-9A-Z])(?<![0-9a-f][a-f])(?<![A-Z][-/])"
_ENDS = r"(?![0-9A-Za-z]|\.\d)"
_NO_MONEY = r"(?! ?[万亿]?元(?!旦))"
_NO_COUNT = rf"(?! ?(?:[本份张件个名次户册枚条]|人次?)(?:$|[\s,.。;、)]))(?!\d){_NO_MONEY}"
"""A number followed by a unit is a count or an amount, not personal data."""
_GAP = r"(?> {0,2}[-./。()]{0,2} {0,2})"
_GAP_OR_LINE = r"(?>\s{0,2}[-./。,()]{0,2}\s{0,2})"
"""Separators, line ends included, allowed inside a number that has a check digit to prove it."""
_IDENTITY = re.compile(
    rf"{_STARTS}(?=([1-8](?:{_GAP_OR_LINE}\d){{5}}{_GAP_OR_LINE}(?:1{_GAP_OR_LINE}[89]|2{_GAP_OR_LINE}0)(?:{_GAP_OR_LINE}\d){{9}}{_GAP_OR_LINE}[\dXx]){_ENDS})"
)
_OLD_IDENTITY = re.compile(rf"{_STARTS}(\d{{6}}{_GAP}\d{{6}}{_GAP}\d{{3}}){_ENDS}")
_MOBILE = (
    rf"1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}|1[3-9]\d{{3}} {{1,2}}\d{{6}}|1[3-9]\d(?:[ .-]\d\d){{4}}"
    r"|1[3-9]\d{2}[-.]\d{3}[-.]\d{4}|(?<!\d[ .-])1[ .-][3-9](?:[ .-]\d){9}(?![ .-]\d)"
)
_PHONE = re.compile(rf"{_STARTS}(?:\(?(?:\+|00)?\(?86\)?[- .]{{0,2}}(?:\(0\)[- .]?)?)?(?:{_MOBILE}){_ENDS}{_NO_MONEY}")
_LINE = rf"[1-9]\d{{2,3}}[- ]?\d{{4}}(?:(?:-|转) ?\d{{1,6}})?{_ENDS}"
_AREA = r"(?:10|2\d|[3-9]\d\d)"
_LANDLINE = re.compile(
    rf"{_STARTS}(?<!\d[-.])(?:\(0{_AREA}\) ?-? ?|0{_AREA}(?: ?[-./]{{1,2}} ?| )"
    rf"|(?:(?:\+|00)86[- ]?|86-)\(?0?{_AREA}\)?[- ]?)(?P<far>{_LINE})"
    r"|(?:(?:电话|座机|固话)(?:号码)?|联系方式|[Tt][Ee][Ll]\.?|[Pp]hone)[为是]?:? {0,2}"
    rf"(?:0{_AREA})?(?P<near>{_LINE}){_NO_COUNT}"
)
_PUBLIC = re.compile("办公电话|监督|举报|投诉|热线|咨询|服务|值班|信访|公开|总机|传真|客服")
"""Words before a telephone number that is public."""
_DATE = re.compile(r"(?:19|20)\d\d ?-?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_BANK_CARD = re.compile(
    rf"{_STARTS}(?:[3-6]\d{{15,18}}"
    r"|(?:4\d|5[1-5]|35|6[0245])\d\d([ .-])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?"
    rf"|62\d\d(?:{_GAP}\d){{12,15}}){_ENDS}"
)
_CARD_NAMED = re.compile(r"(?:银行卡|卡号|卡号码)[号码]{0,2}[为是]?:?[(\[]?\d{12,19}(?!\d)")
_PASSPORT = re.compile(r"(?<![0-9A-Za-z])(?<![0-9A-Za-z]-)(?:[EGeg](\d{8})|E[A-HJ-NP-Z]\d{7})(?![0-9A-Za-z]|-\d)")
_PASSPORT_NAMED = re.compile(
    rf"(?:护照|通行证|台胞证|回乡证|居留证)(?:号码|编号|号)?[为是]?:?[(\[]?[A-Za-z]{{0,2}}\d{{7,10}}{_NO_COUNT}"
)
_DOCUMENT_NAMED = re.compile(
    rf"(?:(?:军官|士兵|士官|军人|警官|警察|文职|学员|驾驶|残疾|居住)证|社保卡|社会保障卡)(?:号码|编号|号)?[为是]?:?[(\[]?.?(?:字第)?\d{{7,18}}{_NO_COUNT}"
    r"|(?:身份证|证件)(?:号码|号)[为是]?:?[(\[]?\d{6,17}[\dXx]|身份证[为是]?:?[(\[]?\d{14,17}[\dXx]|[军士文兵]字第\d{7,8}号"
)
_OPEN, _CLOSE = r"[\[({【〔〖〈<「『]", r"[\])}】〕〗〉>」』]"
_MARK = re.compile(
    r"(?<![杜拒隔断谢灭])绝密(?![切集封闭])|(?<!商业)(?<![算手飞危])机密(?![性码切集度钥封闭布])"
    rf"|★秘密|秘密(?:★|级|{_OPEN}?\d{{1,2}}年(?!\d))|[密等]级(?:标志|标识)?[为是]?:?{_OPEN}?秘密|[定列标划]为秘密"
    rf"|^{_OPEN}?秘密{_CLOSE}?[。,;:!]?$|^秘密[一二三四五六七八九十]{{1,3}}年$"
    rf"|{_OPEN}秘密{_CLOSE}|★(?:\d{{1,3}}年|长期)|{_OPEN}内部(?:资料|文件|材料|使用|传阅){_CLOSE}|[\[【〔]内部[\]】〕]"
    r"|内部(?:资料|文件|材料)[,。:!;]?(?:注意保存|注意保密|妥善保管|不得外传|严禁外传|请勿外传)",
    re.MULTILINE,
)
_CHINESE = "〇零○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
_CHINESE_NUMBER = re.compile(
    rf"(?<![\d{_CHINESE}])[1-9{_CHINESE[3:]}](?:[ .-]?[\d{_CHINESE}]){{10,18}}(?![\d{_CHINESE}])"
)
_CHINESE_DIGITS = str.maketrans(_CHINESE, "0001234567891123456789")
_EXPONENT = re.compile(r"(?<![\w.])\d\.\d{8,}[eE]\+1[5-8](?![\w.])")
_TOO_LARGE = 10**19
"""No identity or card number has more than 19 digits."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def find_personal(raw: Any) -> tuple[str, ...]:
    """Return the kinds of personal or classified data in a raw value, never the values.

    The kinds are 身份证号, 手机号, 固定电话, 银行卡号, 护照号, 证件号 and 密级标志.

    They are found in any writing: any width and grouping; with blanks, dots, dashes or invisible characters in between;
    in Chinese digits, spaced out or in brackets; and in a number with all its digits that has become text with an
    exponent (6.22200000000123e+18). Not reported are numbers inside longer runs of digits, amounts with decimals, codes
    with letters, public telephone numbers (监督电话, 热线), and the word 秘密 in prose (保守秘密); unlike 绝密 and
    机密, it counts only as a marking (秘密★1年).
    """
    if isinstance(raw, (int, float)):
        return () if isinstance(raw, bool) else _kinds_of_number(raw)
    return _kinds_in(raw) if isinstance(raw, str) and _SUSPECT.search(raw) else ()


@lru_cache(maxsize=64)
def _kinds_in(raw: str) -> tuple[str, ...]:
    """Return the kinds in a text.

    Cached: a merge asks a dozen times for each cell, and a long text full of numbers takes a while.
    """
    folded = fold(raw)
    text = _add_chinese_numbers(folded)
    numbers = _EXPONENT.findall(text) if "+" in text else ()
    found = {kind for each in numbers for kind in _kinds_of_number(float(each))}
    if any(not _DAY.fullmatch(run) for run in _RUN.findall(text)):
        found.update(kind for kind, present in _NUMBERS.items() if present(text))
    if "㊙" in raw or (_MARKING.search(folded) and _is_marked(folded)):
        found.add(_MARK_OF_SECRECY)
    return tuple(kind for kind in (*_NUMBERS, _MARK_OF_SECRECY) if kind in found)


_NUMBER = re.compile(rf"[A-Za-z]{{0,2}}\d(?:{_GAP}\d){{6,}}[Xx]?")


_SURNAMES = (
    "欧阳|上官|司马|诸葛|司徒|皇甫|夏侯|[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢"
    "蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文]"
)
_NAME = re.compile(rf"(?:{_SURNAMES})[\u4e00-\u9fff]{{1,2}}(?:同志)?")
_POST = re.compile("长|主任|书记|员|处|科|局|部|办|组|室|中心|岗|干事|师|总监|经理|主管|管理|秘|会计|出纳|工会|纪检")


def looks_like_a_name(text: str) -> bool:
    """Whether a text where a post belongs looks like a person's name: a surname with one or two characters after it."""
    key = clean_key(text).replace(" ", "").replace("·", "")
    return _NAME.fullmatch(key) is not None and not _POST.search(key)


def without_personal(name: str) -> str:
    """Return a file name that is safe to show.

    Personal numbers in it are replaced; if that is not enough, only the kinds of data and the file extension are shown.
    """
    kinds = find_personal(name)
    if not kinds:
        return name
    for text in (name, _add_chinese_numbers(fold(name))):
        if not find_personal(shown := _NUMBER.sub("（号码不显示）", text)):
            return shown
    stem, dot, ending = name.rpartition(".")
    known = dot and stem and ending.isascii() and ending.isalnum() and len(ending) <= 4
    return f"（名称含{'、'.join(kinds)}，不显示）" + (f".{ending}" if known else "")


def _add_chinese_numbers(text: str) -> str:
    """Append to a folded text each number in Chinese digits (一三八〇〇一三八〇〇〇) as digits, on a line each."""
    numbers = [found.translate(_CHINESE_DIGITS) for found in _CHINESE_NUMBER.findall(text)]
    return "\n;".join((text, *(each for each in numbers if each not in text)))


def _kinds_of_number(number: float) -> tuple[str, ...]:
    """Return the kinds of personal data in a stored number.

    Beyond 15 digits Excel has turned the last ones into zeros, so no check digit can be relied on: a birthday in the
    right place, or a card number's length and first digit, is enough.
    """
    if not abs(number) < _TOO_LARGE or number != int(number):
        return ()
    digits = str(int(abs(Decimal(repr(number)))))
    if len(digits) <= DIGITS_KEPT:
        return find_personal(digits)
    if len(digits) == 18 and _is_province(digits) and _is_day(digits[6:14], 1900):
        return ("身份证号",)
    return ("银行卡号",) if digits[0] in "3456" else ()


def _has_identity(text: str) -> bool:
    return any(
        _is_province(number) and _is_identity(number) for number in map(_digits_only, _IDENTITY.findall(text))
    ) or any(_is_old_identity(_digits_only(number)) for number in _OLD_IDENTITY.findall(text))


def _has_phone(text: str) -> bool:
    return _PHONE.search(text) is not None


def _has_landline(text: str) -> bool:
    return any(
        not _PUBLIC.search(text, max(0, found.start() - 12), found.end())
        and not _DATE.match(found["far"] or found["near"])
        for found in _LANDLINE.finditer(text)
    )


def _has_bank_card(text: str) -> bool:
    numbers = (_digits_only(m[0]) for m in _BANK_CARD.finditer(text))
    return any(_passes_luhn(number) and not (len(number) == 18 and _is_identity(number)) for number in numbers) or bool(
        _CARD_NAMED.search(squeeze(text))
    )


def _has_passport(text: str) -> bool:
    bare = any(not (found[1] and _DATE.fullmatch(found[1])) for found in _PASSPORT.finditer(text))
    return bare or _PASSPORT_NAMED.search(squeeze(text)) is not None


def _has_document(text: str) -> bool:
    return _DOCUMENT_NAMED.search(squeeze(text)) is not None and not _has_identity(text)


def _is_marked(text: str) -> bool:
    """Whether a folded text bears a mark of secrecy, in one line or split across lines (机 above 密)."""
    lines = [squeeze(line) for line in text.split("\n")]
    return any(_MARK.search(each) for each in ("\n".join(lines), "".join(lines)))


_MARK_OF_SECRECY = "密级标志"
_NUMBERS = {
    "身份证号": _has_identity,
    "手机号": _has_phone,
    "固定电话": _has_landline,
    "银行卡号": _has_bank_card,
    "护照号": _has_passport,
    "证件号": _has_document,
}


def _digits_only(number: str) -> str:
    return re.sub(r"[^\dXx]", "", number)


def _is_identity(number: str) -> bool:
    """Whether 18 characters are an identity number: a possible birthday and the checksum of GB 11643-1999."""
    if not _is_day(number[6:14], 1800):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[17].upper()


def _is_old_identity(number: str) -> bool:
    """Whether 15 digits are an identity number from before 1999: a province and a birthday since 1920."""
    return _is_province(number) and _is_day("19" + number[6:12], 1920)


def _is_province(number: str) -> bool:
    """Whether a number begins with a province code (GB/T 2260: 11-65, 71, 81-83)."""
    return 11 <= int(number[:2]) <= 65 or number[:2] in ("71", "81", "82", "83")


def _is_day(digits: str, first_year: int) -> bool:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year >= first_year
    except ValueError:
        return False


def _passes_luhn(number: str) -> bool:
    """Whether a card number's check digit is right (ISO/IEC 7812-1)."""
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0
