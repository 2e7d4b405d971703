"""Rendering a frozen letter: what is done once per recipient when letters go out."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import typst
from django.template import Context, Template

from apps.letters.rendering import AnnexData, AnnexSection, render_html, render_pdf
from apps.letters.rendering.font_coverage import FONTS

from .measuring import Line, compare

SENTENCE = "Rules on electronic commerce would take from governments the means to develop their own digital economies. "
_recipients = count(1)


def run() -> Iterator[Line]:
    """HTML beside Django's template engine on the same words; a PDF with 315 names beside typst on the same words
    without layout, notes or list. Each letter goes to another recipient: typst remembers what it has set before."""
    body = frozen_body()
    texts = list(texts_of(body))
    template = Template("{% for text in texts %}<p>{{ text }}</p>{% endfor %}")
    yield compare(
        "letters.html",
        goal=0.50,
        work=lambda: render_html(body, envelope()),
        floor=lambda: template.render(Context({"texts": [*envelope().values(), *texts]})),
    )
    names = tuple(f"Organisation for fair digital trade number {number}" for number in range(315))
    sections = tuple(AnnexSection(f"Country {start // 45}", names[start : start + 45]) for start in range(0, 315, 45))
    annex = AnnexData(datetime(2017, 12, 1, tzinfo=UTC), "0" * 64, 315, 0, len(sections), 0, sections)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    yield compare(
        "letters.pdf",
        goal=0.50,
        work=lambda: render_pdf(body, envelope(), annex),
        floor=lambda: typst.compile(
            "\n\n".join((*envelope().values(), *texts, *names)).encode(), font_paths=fonts, ignore_system_fonts=True
        ),
    )


def envelope() -> dict[str, str]:
    """Of the next recipient."""
    number = next(_recipients)
    return {
        "recipient.salutation": "Your Excellency,",
        "recipient.name": f"The Permanent Representative, number {number}",
        "recipient.post": "Permanent Representative to the WTO",
        "office.name": f"Permanent Mission {number}",
        "date": "1 December 2017",
        "signatories.organisations": "315",
        "signatories.countries": "90",
        "signatories.from_member": "12",
    }


def frozen_body() -> dict[str, Any]:
    """A letter of two pages with twelve footnotes."""
    blocks = []
    for number in range(1, 13):
        text = {"type": "text", "text": SENTENCE * 3}
        citation = {"type": "citation", "attrs": {"fact": f"f{number}", "n": number}}
        blocks.append({"type": "paragraph", "attrs": {"id": f"b{number:08}"}, "content": [text, citation]})
    source = "Digital Dividends, World Bank, 2016."
    notes = [{"n": number, "fact": f"f{number}", "text": source, "url": ""} for number in range(1, 13)]
    return {"subject": "No new rules", "language": "en", "member": "KE", "blocks": blocks, "notes": notes}


def texts_of(body: dict[str, Any]) -> Iterator[str]:
    for block in body["blocks"]:
        yield from (node["text"] for node in block["content"] if node["type"] == "text")
    yield from (note["text"] for note in body["notes"])
