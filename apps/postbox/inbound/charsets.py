"""Decode text whose charset is wrong, missing or too small. Labels mean what they mean to browsers."""

import codecs
import re
from contextlib import suppress

import webencodings
from charset_normalizer import from_bytes

#: encodings of the standard whose codec in Python knows fewer characters (https://encoding.spec.whatwg.org/)
CODECS = {"gbk": "gb18030", "shift_jis": "cp932", "euc-kr": "cp949", "big5": "big5hkscs", "windows-874": "cp874"}
#: a byte order mark counts more than any label
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
UNDECLARED = {"", "us-ascii", "ascii", "utf-8", "utf8", "unknown-8bit", "x-unknown", "default", "binary", "8bit"}
GUESSES = [*("cp1252", "cp1251", "cp1256", "cp1253", "cp1255", "cp874", "koi8_r", "gb18030", "cp932", "cp949", "big5")]
#: encodings of seven bits say so by themselves, whatever the label; the older ones browsers refuse as a danger to pages
SHIFTS = {b"\x1b$B": "iso2022_jp", b"\x1b$@": "iso2022_jp", b"\x1b$)C": "iso2022_kr"}
SHIFTED = {"iso-2022-kr": "iso2022_kr", "csiso2022kr": "iso2022_kr", "hz-gb-2312": "hz"}
#: what only Python calls an encoding, and what browsers refuse
NO_CHARSETS = {"unicode_escape", "raw_unicode_escape", "undefined", "idna", "punycode", "replacement"}
#: what programs on Windows send under these labels; they have no letters where Windows has its quotation marks
ON_WINDOWS = {
    "iso8859-2": "cp1250", "iso8859-6": "cp1256", "iso8859-7": "cp1253", "iso8859-8": "cp1255", "iso8859-13": "cp1257",
    "iso8859-15": "cp1252",
}  # fmt: skip
_NO_LETTERS = re.compile("[\x80-\x9f]")
#: "win1252", "CP-1252", "windows1252"
_CODE_PAGE = re.compile(r"(?:windows|win|x-cp|cp|ansi)[-_ ]?(\d{3,5})")
#: below this share of non-ASCII bytes a text is Latin, and too short on accents to guess from
LATIN_SHARE = 0.25


def decode_text(content: bytes, declared: str = "") -> str:
    """A declared charset is used if it fits; otherwise the charset is guessed. Without NULs and halves of characters,
    which the database does not take."""
    return _decoded(content, declared).replace("\0", "").encode("utf-8", "replace").decode()


def _decoded(content: bytes, declared: str) -> str:
    label = declared.strip().strip("\"'").lower()
    codec = next((name for mark, name in MARKS.items() if content.startswith(mark)), "")
    codec = codec or next((name for shift, name in SHIFTS.items() if shift in content), "") or _codec(label)
    said = [codec] if codec and not _is_utf8_after_all(content, codec) else []
    for each in [*said, "utf-8", *filter(None, [ON_WINDOWS.get(codec)])]:
        with suppress(UnicodeError, LookupError):
            text = content.decode(each)
            if each not in ON_WINDOWS or not _NO_LETTERS.search(text):
                return text
    if codec and webencodings.lookup(label):  # one broken character must not change what all the others mean
        return content.decode(codec, "replace")
    return content.decode(_guess(content[:20_000]), "replace")


def _codec(label: str) -> str:
    """Python's codec for a label; one that browsers do not know, such as "cp850", is taken as it is."""
    if label in UNDECLARED:
        return ""
    if label in SHIFTED:
        return SHIFTED[label]
    page = _CODE_PAGE.fullmatch(label)
    known = webencodings.lookup(label) or (webencodings.lookup(f"windows-{page[1]}") if page else None)
    codec = CODECS.get(known.name, known.codec_info.name) if known else label
    return "" if codec.replace("-", "_") in NO_CHARSETS else codec


def _is_utf8_after_all(content: bytes, codec: str) -> bool:
    """Whether a text that is said to have one byte for each character is UTF-8: by chance no text is. Two bytes for a
    character may be both."""
    if content.isascii() or not (codec.startswith(("cp125", "iso8859", "koi8", "mac")) or codec == "cp874"):
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _guess(content: bytes) -> str:
    letters = content.translate(None, b" \r\n\t")
    beyond = sum(byte > 127 for byte in letters)
    if beyond < LATIN_SHARE * len(letters):
        mostly_utf8 = len(content.decode("utf-8", "ignore").encode()) > 0.98 * len(content) and beyond > 20
        return "utf-8" if mostly_utf8 else "cp1252"
    best = from_bytes(content, cp_isolation=GUESSES).best()
    return best.encoding if best else "cp1252"
