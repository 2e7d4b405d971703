"""The picture that other sites show of a link to a letter, by typst with the fonts of the PDF."""

import json
from pathlib import Path

import typst

from apps.core.languages import language_for, primary_language

from .font_coverage import FONTS, printable
from .pdf import FAMILIES, PdfFailed, shipped_fonts

TEMPLATE = Path(__file__).parent / "preview_picture.typ"
WIDTH, HEIGHT = 1200, 630
#: the page of the template has half as many points
PPI = 144


def render_preview_picture(*, language: str, title: str, by: str, to: str, signed: str, as_of: str) -> bytes:
    """A PNG of WIDTH × HEIGHT; `signed`, with `as_of` under it, may be empty. The same words give the same bytes.
    Raises PdfFailed."""
    words = {"title": title, "by": by, "to": to, "signed": signed, "as-of": as_of}
    data = {
        "lang": primary_language(language),
        "rtl": language_for(language).direction == "rtl",
        "fonts": FAMILIES,
        **{name: printable(text) for name, text in words.items()},
    }
    try:
        made = typst.compile(
            TEMPLATE,
            root=FONTS.parent,
            font_paths=shipped_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"picture": json.dumps(data, ensure_ascii=False)},
            format="png",
            ppi=PPI,
        )
    except typst.TypstError as error:
        raise PdfFailed(str(error)) from error
    return bytes(made)
