"""The source document as paragraphs: its file format, judged by content, and the lines of a .txt."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from taizhang.draft.text_tables import text_paragraphs
from taizhang.draft.values import NOT_A_REPORT, Paragraph, SourceError
from taizhang.system import limits
from taizhang.system.file_names import file_name
from taizhang.system.files import read_file
from taizhang.system.refusals import reason_of
from taizhang.typed.text import without_invisible
from taizhang.workbook.containers import is_encrypted

__all__ = ["Paragraph", "SourceError", "decode", "paragraphs_of", "read_source", "report_bytes"]

_MOST_BYTES_A_CHARACTER = 4
_PROVE_THEMSELVES = frozenset({"utf-8", "utf-16"})
_SIGNATURES = (
    (b"%PDF", "是 PDF，不能逐段读取。请用原来的 Word 文件；只有 PDF 时，用 WPS 或 Word 打开后另存为 .docx。"),
    (b"{\\rtf", "是 RTF 格式。请用 Word 或 WPS 打开后另存为 .docx。"),
    *(
        (start, "是图片，没有文字可读。请用原来的 Word 文件。")
        for start in (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
    ),
    *(
        (start, "是压缩包，没有拆开。请解压，用里面的对照检查材料。")
        for start in (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")
    ),
    (b"MIME-Version:", "是单个文件的网页（.mht）。请用 Word 或 WPS 打开后另存为 .docx。"),
)
_MARKUP = re.compile(
    rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype html|html|head|body|meta|table|div|p|span|\?xml)\b", re.IGNORECASE | re.DOTALL
)
_OLD_PROGRAMS = (
    ("WordDocument", "是旧版 Word（.doc）或 WPS 文字（.wps）文件。请用 Word 或 WPS 打开后另存为 .docx。"),
    ("Workbook", "是旧版 Excel（.xls）或 WPS 表格（.et）文件，不是 Word 文档。请选对照检查材料的 .docx 或 .txt。"),
    ("PowerPoint Document", "是旧版演示文稿（.ppt、.dps），不是 Word 文档。请选对照检查材料的 .docx 或 .txt。"),
    (
        "",
        "是旧版 Word（.doc）、WPS 文字（.wps）一类的文件。请用 Word 或 WPS 打开后另存为 .docx；打不开就换一份原文件。",
    ),
)
"""The programs of old containers by their stream names; the first match counts."""


def read_source(path: Path | str) -> tuple[Paragraph, ...]:
    """Read a report (a Word document or .txt, judged by content) into its non-blank paragraphs.

    Raises SourceError, with reason and cure, if it cannot be read without guessing.
    """
    path = Path(path)
    return paragraphs_of(file_name(path), report_bytes(path))


def paragraphs_of(name: str, data: bytes) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a report from its bytes; raises SourceError as ``read_source`` does."""
    if data.startswith(b"PK\x03\x04"):
        from taizhang.draft.word import word_paragraphs

        paragraphs = word_paragraphs(name, data)
    else:
        _refuse_other_formats(name, data)
        if len(data) > limits.MAX_REPORT_CHARACTERS * _MOST_BYTES_A_CHARACTER:
            raise SourceError(_too_long(name))
        paragraphs = text_paragraphs(without_invisible(decode(name, data)))
        if len(paragraphs) > limits.MAX_REPORT_PARAGRAPHS:
            raise SourceError(f"{name} 超过 {limits.MAX_REPORT_PARAGRAPHS} 段，{NOT_A_REPORT}")
    if not paragraphs:
        raise SourceError(f"{name} 里没有文字，请核对是不是选错了文件，或者内容全是图片。")
    if sum(len(paragraph.text) for paragraph in paragraphs) > limits.MAX_REPORT_CHARACTERS:
        raise SourceError(_too_long(name))
    return paragraphs


def _too_long(name: str) -> str:
    return f"{name} 超过 {limits.MAX_REPORT_CHARACTERS // 10_000} 万字，{NOT_A_REPORT}"


def decode(name: str, data: bytes) -> str:
    """Decode a text file: byte order mark, UTF-8, UTF-16 or GB18030; raises SourceError if none gives Chinese text."""
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        if _is_text(text) and (encoding in _PROVE_THEMSELVES or _is_common_chinese(text)):
            return text
    raise SourceError(
        f"{name} 不是文字文件，或者文字编码认不出来。请用记事本打开，看到的是正常汉字时另存为 UTF-8 编码；"
        "看到乱码就换一份原文件，最好是 .docx。"
    )


def report_bytes(path: Path) -> bytes:
    """Return the bytes of a report; raises SourceError if they cannot be read or are too many."""
    try:
        data = read_file(path, limits.MAX_REPORT_BYTES + 1)
        if len(data) > limits.MAX_REPORT_BYTES:
            megabytes = limits.MAX_REPORT_BYTES >> 20
            raise SourceError(
                f"{file_name(path)} 超过 {megabytes} MB，不像一份对照检查材料。请核对文件，或删去图片后另存。"
            )
        return data
    except FileNotFoundError:
        raise SourceError(f"找不到 {file_name(path)}，请核对文件名和所在文件夹。") from None
    except OSError as error:
        raise SourceError(f"{file_name(path)} 打不开：{reason_of(error)}。") from None


def _refuse_other_formats(name: str, data: bytes) -> None:
    text = data.removeprefix(b"\xef\xbb\xbf")
    for signature, cure in _SIGNATURES:
        if text.startswith(signature):
            raise SourceError(f"{name} {cure}")
    if _MARKUP.match(text[:2000]):
        raise SourceError(f"{name} 是网页或 XML 文件。请用 Word 或 WPS 打开后另存为 .docx。")
    if not data.startswith(b"\xd0\xcf\x11\xe0"):
        return
    if is_encrypted(data):
        raise SourceError(f"{name} 加了打开密码。请用 Word 或 WPS 打开，取消密码后另存为 .docx。")
    raise SourceError(f"{name} {next(cure for stream, cure in _OLD_PROGRAMS if stream.encode('utf-16-le') in data)}")


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith(b"\xef\xbb\xbf"):
        return ("utf-8",)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if b"\x00" in data:
        return ("utf-16-le", "utf-16-be")
    return ("utf-8", "gb18030")


def _is_text(text: str) -> bool:
    """Whether decoded text has no control, unassigned or private-use characters."""
    visible = (char for char in text if not char.isspace())
    return not any(char == "\ufffd" or unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs") for char in visible)


def _is_common_chinese(text: str) -> bool:
    """Whether nine characters in ten are in GB 2312, the simplified characters and marks that offices use.

    GB18030 decodes almost any bytes, so decoding alone proves nothing.
    """
    visible = "".join(char for char in text if not char.isspace() and char not in "—·•\u200b")
    return len(visible.encode("gb2312", "ignore").decode("gb2312")) >= 0.9 * len(visible)
