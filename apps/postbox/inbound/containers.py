"""What opaque S/MIME and Outlook's winmail.dat enclose."""

from asn1crypto.cms import ContentInfo
from tnefparse import TNEF

from .charsets import decode_text
from .html import html_to_text
from .rtf import rtf_decompressed, rtf_text

#: more of a text is not read
MAX_TEXT = 500_000


def signed_content(der: bytes) -> bytes:
    """The mail inside a CMS SignedData (RFC 8551 §3.5.2), signature unchecked. Raises for anything else."""
    content = ContentInfo.load(der)["content"]["encap_content_info"]["content"].native
    if not isinstance(content, bytes):
        raise TypeError("nothing is enclosed")
    return content


def tnef_text(tnef: TNEF) -> str:
    html = tnef.htmlbody
    if html:
        return html_to_text((html if isinstance(html, str) else decode_text(html))[:MAX_TEXT])
    body = tnef.body or b""
    body = body if isinstance(body, str) else decode_text(body)
    packed = tnef._rtfbody  # the public name wants one more library, to unpack it
    return body.replace("\0", "") if body.strip(" \0\r\n") or not packed else rtf_text(rtf_decompressed(packed))
