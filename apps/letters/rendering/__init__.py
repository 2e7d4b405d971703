"""From an edition's body and a recipient's envelope to HTML, plain text, mail and PDF. The same input gives the same
bytes. Nothing here reads the database or the clock."""

from .docx import render_docx
from .html import render_draft_html, render_html
from .mail import render_mail_html
from .pdf import PdfFailed, render_pdf
from .preview_picture import render_preview_picture
from .text import render_text
from .types import (
    AnnexData,
    AnnexSection,
    Letterhead,
    MissingValue,
    VerificationLink,
    campaign_letterhead,
    edition_verification_link,
)

__all__ = [
    "AnnexData",
    "AnnexSection",
    "Letterhead",
    "MissingValue",
    "PdfFailed",
    "VerificationLink",
    "campaign_letterhead",
    "edition_verification_link",
    "render_docx",
    "render_draft_html",
    "render_html",
    "render_mail_html",
    "render_pdf",
    "render_preview_picture",
    "render_text",
]
