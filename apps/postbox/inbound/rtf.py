"""Text of Rich Text Format as Outlook encloses it in winmail.dat: compressed ([MS-OXRTFCP]), and perhaps made from HTML
([MS-OXRTFEX])."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape

from .html import html_to_text

#: more is not read: the text is a small part of it
MAX_RTF = 1_000_000
MAX_DEPTH = 200
#: what the window of the decompression begins with
_KNOWN = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0" b"\r\n" rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)  # fmt: skip
_WINDOW = 4096
_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-f]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.I | re.S
)
#: groups without text of the writer
_SILENT = frozenset(
    {"fonttbl", "colortbl", "stylesheet", "info", "pict", "header", "footer", "object", "listtable", "themedata"}
)
_BREAKS = {"par": "\n", "line": "\n", "sect": "\n", "page": "\n", "row": "\n", "cell": " ", "tab": "\t"}
_SIGNS = {
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•",
}  # fmt: skip
_ESCAPED = {"~": "\u00a0", "_": "\u2011", "-": "", "{": "{", "}": "}", "\\": "\\", "\n": "\n", "\r": "\n"}


def rtf_decompressed(packed: bytes) -> bytes:
    """The RTF inside, at most MAX_RTF of it. Raises ValueError or struct.error for anything else."""
    _packed_size, size, kind, _checksum = struct.unpack_from("<II4sI", packed)
    if kind == b"MELA":
        return packed[16 : 16 + min(size, MAX_RTF)]
    if kind != b"LZFu":
        raise ValueError("not compressed RTF")
    window = bytearray(_KNOWN.ljust(_WINDOW, b"\0"))
    place, at, out = len(_KNOWN), 16, bytearray()
    while at < len(packed) and len(out) < min(size, MAX_RTF):
        flags = packed[at]
        at += 1
        for bit in range(8):
            if not flags >> bit & 1:
                found = packed[at : at + 1]
                at += 1
            else:
                reference = int.from_bytes(packed[at : at + 2], "big")
                at += 2
                begin = reference >> 4
                if begin == place:
                    return bytes(out)
                found = b""
            length = (reference & 15) + 2 if flags >> bit & 1 else len(found)
            for step in range(length):
                sign = window[(begin + step) % _WINDOW] if flags >> bit & 1 else found[0]
                window[place] = sign
                place = (place + 1) % _WINDOW
                out.append(sign)
    return bytes(out)


@dataclass(frozen=True)
class _Group:
    silent: bool = False
    #: between \htmlrtf and \htmlrtf0: for programs without HTML
    doubled: bool = False
    #: signs that stand for a \u before them
    replacing: int = 1
    #: a tag of the HTML from which it was made
    tag: bool = False


def rtf_text(rtf: bytes) -> str:
    """The text in lines. Where it was made from HTML, that is put together again."""
    made_from_html = b"\\fromhtml1" in rtf[:1000]
    page = re.search(rb"\\ansicpg(\d{3,5})", rtf[:1000])
    codec = f"cp{page[1].decode()}" if page else "cp1252"
    text = "".join(_joined(list(_pieces(rtf[:MAX_RTF], html=made_from_html)), codec))
    if made_from_html:
        return html_to_text(text)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip()


def _joined(pieces: list[str | bytes], codec: str) -> Iterator[str]:
    """Bytes that follow each other are decoded together: some encodings need two for a character."""
    run = b""
    for piece in [*pieces, ""]:
        if isinstance(piece, bytes):
            run += piece
            continue
        if run:
            try:
                yield run.decode(codec, "replace")
            except LookupError:
                yield run.decode("cp1252", "replace")
            run = b""
        yield piece


def _pieces(rtf: bytes, *, html: bool) -> Iterator[str | bytes]:
    group, outer, skip, first = _Group(), list[_Group](), 0, False
    for token in _TOKEN.finditer(rtf):
        word, number, code, sign, brace, plain = token.groups()
        if brace == b"{":
            if len(outer) < MAX_DEPTH:
                outer.append(group)
            first, skip = True, 0
            continue
        if brace == b"}":
            group, skip, first = outer.pop() if outer else _Group(), 0, False
            continue
        name = word.decode().lower() if word else ""
        if html and group.silent and name == "htmltag":
            group = replace(group, silent=False, tag=True)
        elif (first and name in _SILENT) or sign == b"*":
            group = replace(group, silent=True)
        elif name == "htmlrtf":
            group = replace(group, doubled=number != b"0")
        elif name == "uc":
            group = replace(group, replacing=int(number or b"1"))
        first = False
        if group.silent or group.doubled:
            continue
        if name == "u" and number:
            yield chr(int(number) % 65536) if not 0xD800 <= int(number) % 65536 < 0xE000 else ""
            skip = group.replacing
        elif code:
            if skip:
                skip -= 1
            else:
                yield bytes([int(code, 16)])
        elif plain:
            yield escape(plain[skip:].decode("latin-1")).encode("latin-1") if html and not group.tag else plain[skip:]
            skip = max(0, skip - len(plain))
        elif name in _BREAKS or name in _SIGNS:
            yield _BREAKS.get(name) or _SIGNS[name]
        elif sign:
            yield _ESCAPED.get(sign.decode("latin-1"), "")
