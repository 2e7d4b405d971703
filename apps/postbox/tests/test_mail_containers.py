"""What Outlook encloses in winmail.dat: text, HTML, or Rich Text alone, and files with long names."""

import struct
from base64 import encodebytes

import pytest

from apps.postbox.inbound.parsing import parse_mail
from apps.postbox.inbound.rtf import rtf_decompressed, rtf_text


def attribute(level: int, name: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, name, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def properties(*found: tuple[int, int, bytes]) -> bytes:
    each = (struct.pack("<HHII", kind, name, 1, len(value)) + value.ljust(-(-len(value) // 4) * 4, b"\0")
            for kind, name, value in found)  # fmt: skip
    return struct.pack("<I", len(found)) + b"".join(each)


def winmail(*attributes: bytes) -> bytes:
    version = attribute(1, 0x00089006, struct.pack("<I", 0x10000))
    content = struct.pack("<IH", 0x223E9F78, 1) + version + b"".join(attributes)
    head = (
        b"From: <desk@ministry.example>\r\nSubject: Re: Letter\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; "
        b"boundary=m\r\n\r\n--m\r\nContent-Type: text/plain\r\n\r\n\r\n--m\r\nContent-Type: application/ms-tnef\r\n"
        b"Content-Disposition: attachment; filename=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    return head + encodebytes(content) + b"--m--\r\n"


def stored(rtf: bytes) -> bytes:
    """As Outlook encloses what it does not compress."""
    return properties((0x102, 0x1009, struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf))


RTF = (
    rb"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0 Arial;}}{\*\generator Word;}\f0 "
    rb"\'cc\'fb \'ef\'f0\'ee\'f2\'e8\'e2.\par \u8212? No\tab.}"
)
HTML_AS_RTF = (
    rb"{\rtf1\ansi\ansicpg1252\fromhtml1 {\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 We "
    rb"{\*\htmltag84 <b>}oppose{\*\htmltag92 </b>} a < b.\htmlrtf\par}\htmlrtf0 {\*\htmltag72 </p>}"
    rb"{\*\htmltag64 <p>}\'c9t\'e9{\*\htmltag72 </p>}}"
)


@pytest.mark.parametrize(
    ("attributes", "text"),
    [
        ([attribute(1, 0x0002800C, b"We oppose it.\0")], "We oppose it."),
        ([attribute(1, 0x00069003, properties((0x102, 0x1013, b"<p>We <b>oppose</b> it.</p>")))], "We oppose it."),
        ([attribute(1, 0x00069003, properties((0x1F, 0x1000, "Мы против.\0".encode("utf-16-le"))))], "Мы против."),
        ([attribute(1, 0x00069003, stored(RTF))], "Мы против.\n— No\t."),
        ([attribute(1, 0x00069003, stored(HTML_AS_RTF))], "We oppose a < b.\n\nÉté"),
        ([attribute(1, 0x00069003, stored(b"no RTF"))], "no RTF"),
        ([attribute(1, 0x00069003, properties((0x102, 0x1009, b"LZ")))], ""),
    ],
)
def test_the_text_in_winmail_is_found(attributes: list[bytes], text: str) -> None:
    read = parse_mail(winmail(*attributes))
    assert read.text == text
    assert read.files[0].filename == "winmail.dat", "it can be opened all the same"


def test_files_in_winmail_have_their_long_names() -> None:
    named = properties((0x1F, 0x3707, "Réponse du ministre.pdf\0".encode("utf-16-le")))
    read = parse_mail(
        winmail(
            attribute(2, 0x00069002, b"\x01\0\xff\xff\xff\xff" + b"\0" * 8),
            attribute(2, 0x0006800F, b"%PDF"),
            attribute(2, 0x00018010, b"REPONS~1.PDF\0"),
            attribute(2, 0x00069005, named),
        )
    )
    assert [(file.filename, file.content) for file in read.files[1:]] == [("Réponse du ministre.pdf", b"%PDF")]


def test_compressed_rtf_is_read_as_its_specification_says() -> None:
    """The example of [MS-OXRTFCP] §4.1."""
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert rtf_decompressed(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert rtf_text(rtf_decompressed(packed)) == "hello world"
