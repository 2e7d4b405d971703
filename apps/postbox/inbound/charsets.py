"""Decode text whose charset is wrong, missing or too small."""

from charset_normalizer import from_bytes

#: what mail programs declare → what they write (https://encoding.spec.whatwg.org/#names-and-labels)
SUPERSETS = {
    **dict.fromkeys(["iso-8859-1", "latin-1", "latin1", "iso8859-1", "ansi"], "cp1252"),
    **dict.fromkeys(["gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936", "euc-cn"], "gb18030"),
    **dict.fromkeys(["shift_jis", "shift-jis", "sjis", "x-sjis"], "cp932"),
    **dict.fromkeys(["euc-kr", "ks_c_5601-1987", "ksc5601"], "cp949"),
    "big5": "big5hkscs",
    "iso-8859-9": "cp1254",
    "tis-620": "cp874",
}
UNDECLARED = {"", "us-ascii", "ascii", "utf-8", "utf8", "unknown-8bit", "x-unknown", "default", "binary", "8bit"}
GUESSES = ["cp1252", "cp1251", "cp1256", "cp1253", "koi8_r", "gb18030", "cp932", "cp949", "big5"]
#: below this share of non-ASCII bytes a text is Latin, and too short on accents to guess from
LATIN_SHARE = 0.25


def decode_text(content: bytes, declared: str = "") -> str:
    """A declared charset is used if it fits; otherwise the charset is guessed."""
    charset = declared.strip().strip("\"'").lower()
    if charset not in UNDECLARED:
        try:
            return content.decode(SUPERSETS.get(charset, charset))
        except (UnicodeDecodeError, LookupError):
            pass
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if charset in SUPERSETS:  # one broken character must not change what all the others mean
        return content.decode(SUPERSETS[charset], "replace")
    return content.decode(_guess(content[:20_000]), "replace")


def _guess(content: bytes) -> str:
    letters = content.translate(None, b" \r\n\t")
    beyond = sum(byte > 127 for byte in letters)
    if beyond < LATIN_SHARE * len(letters):
        mostly_utf8 = len(content.decode("utf-8", "ignore").encode()) > 0.98 * len(content) and beyond > 20
        return "utf-8" if mostly_utf8 else "cp1252"
    best = from_bytes(content, cp_isolation=GUESSES).best()
    return best.encoding if best else "cp1252"
