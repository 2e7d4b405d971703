"""The encoding of a text file: by its byte order mark, else UTF-8 or UTF-16 where it is that, else guessed."""

from __future__ import annotations

import re

from .table import _

#: codec → name and script, in the order of the list that people choose from
ENCODINGS = {
    "utf-8": ("UTF-8", ""),
    "utf-16": ("UTF-16", ""),
    "cp1252": ("Windows-1252", _("Western Europe")),
    "mac_roman": ("Mac Roman", _("Western Europe, old Macs")),
    "iso8859_15": ("ISO 8859-15", _("Western Europe")),
    "cp1250": ("Windows-1250", _("Central Europe")),
    "cp1251": ("Windows-1251", _("Cyrillic")),
    "cp1253": ("Windows-1253", _("Greek")),
    "cp1254": ("Windows-1254", _("Turkish")),
    "cp1255": ("Windows-1255", _("Hebrew")),
    "cp1256": ("Windows-1256", _("Arabic")),
    "koi8_r": ("KOI8-R", _("Cyrillic")),
    "gb18030": ("GB 18030", _("Chinese")),
    "big5": ("Big5", _("Chinese, traditional")),
    "shift_jis": ("Shift JIS", _("Japanese")),
    "euc_kr": ("EUC-KR", _("Korean")),
}
#: guessed for scripts other than Latin, by charset-normalizer
OTHER_SCRIPTS = ["cp1251", "cp1253", "cp1255", "cp1256", "koi8_r", "gb18030", "big5", "shift_jis", "euc_kr"]
#: guessed for Latin, of whose few accents charset-normalizer makes other letters
LATIN = ["cp1252", "mac_roman", "cp1250", "cp1254"]
#: words with a byte beyond ASCII, and how many bytes of them are looked at
WORD = re.compile(rb"(?<![A-Za-z])[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*")
MAX_SAMPLE = 20_000
#: in a word of another script nearly all bytes are beyond ASCII
MIN_SHARE = 0.6
#: what accents become in the wrong encoding: a symbol beside a letter, or a capital within a word
MISREAD = re.compile(
    r"(?<=[^\W\d_])[^\w\s’'‘`´.\-–—]|[^\w\s’'‘`´“”„«»\"(\-–—…•°№](?=[a-zà-ÿ])"
    r"|(?<=[a-zà-ÿ])[A-ZÀ-ÞŠŽŒŸ]|(?<=[^\W\d_])[À-ÞŠŽŒŸ](?=[a-zà-ÿ])"
)


def guess_encoding(content: bytes) -> str:
    """A key of ENCODINGS."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or _nul_side(content):
        return "utf-16"
    if _fits(content, "utf-8"):
        return "utf-8"
    words = b" ".join(WORD.findall(content[: 50 * MAX_SAMPLE]))[:MAX_SAMPLE]
    if sum(byte > 127 for byte in words) > MIN_SHARE * len(words.replace(b" ", b"")):
        from charset_normalizer import from_bytes  # 40 ms that most files do not need

        best = from_bytes(words, cp_isolation=OTHER_SCRIPTS).best()
        if best is not None and _fits(content, best.encoding):
            return best.encoding
    fitting = [encoding for encoding in LATIN if encoding == "cp1252" or _fits(content, encoding)]
    return min(fitting, key=lambda encoding: len(MISREAD.findall(words.decode(encoding, "replace"))))


def decode(content: bytes, encoding: str) -> str:
    """The text. Raises UnicodeError where the bytes are not in that encoding."""
    if encoding == "cp1252":  # five of its bytes are undefined; some programs write them all the same
        return content.decode("cp1252", errors="replace")
    if encoding == "utf-16" and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode(_nul_side(content) or "utf-16-le")
    return content.decode("utf-8-sig" if encoding == "utf-8" else encoding)


def _fits(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _nul_side(content: bytes) -> str:
    """UTF-16 without a mark: in tables most characters are ASCII, so every other byte is NUL."""
    start = content[:2000]
    for encoding, nuls in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
        if len(start) > 3 and nuls.count(0) > 0.4 * len(nuls) and start.count(0) - nuls.count(0) < 0.1 * len(nuls):
            return encoding
    return ""
