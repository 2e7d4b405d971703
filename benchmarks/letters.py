"""Rendering a frozen letter: what is done once per recipient when letters go out."""

import resource
import statistics
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import typst
from django.template import Context, Template

from apps.letters.rendering import AnnexData, AnnexSection, VerificationLink, render_html, render_pdf, render_text
from apps.letters.rendering.font_coverage import FONTS

from .measuring import Line, compare

SENTENCE = "Rules on electronic commerce would take from governments the means to develop their own digital economies. "
PROOF = VerificationLink("https://letters.example/v/9f2c41ab77e0/", 1, 1, "0" * 64, datetime(2017, 11, 30, tzinfo=UTC))
_recipients = count(1)


#: seconds and megabytes that a list of ten thousand names may take
ANNEX_SECONDS, ANNEX_MEMORY = 5, 400


def run() -> Iterator[Line]:
    """HTML beside Django's template engine on the same words; plain text beside textwrap; a PDF with 315 names and its
    code beside typst on the same words without layout, notes or list. Each letter goes to another recipient: typst
    remembers what it has set before. Then one with 10,000 names, in a process of its own."""
    body = frozen_body()
    texts = list(texts_of(body))
    template = Template("{% for text in texts %}<p>{{ text }}</p>{% endfor %}")
    yield compare(
        "letters.html",
        goal=0.50,
        work=lambda: render_html(body, envelope()),
        floor=lambda: template.render(Context({"texts": [*envelope().values(), *texts]})),
    )
    yield compare(
        "letters.text",
        goal=0.50,
        work=lambda: render_text(body, envelope()),
        floor=lambda: "\n\n".join(textwrap.fill(text, 72) for text in (*envelope().values(), *texts)),
    )
    names = tuple(f"Organisation for fair digital trade number {number}" for number in range(315))
    annex, fonts = (
        annex_of(names),
        typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]),
    )
    yield compare(
        "letters.pdf",
        goal=0.50,
        work=lambda: render_pdf(body, envelope(), annex, proof=PROOF),
        floor=lambda: typst.compile(
            "\n\n".join((*envelope().values(), *texts, *names)).encode(), font_paths=fonts, ignore_system_fonts=True
        ),
    )
    yield from large_annex()


def large_annex() -> Iterator[Line]:
    """10,000 organisations of 100 countries: the seconds, and the peak of memory of the whole process."""
    program = "import django; django.setup(); from benchmarks.letters import print_large; print_large()"
    command = [sys.executable, "-c", program]
    answers = [subprocess.run(command, check=True, capture_output=True, text=True).stdout.split() for _turn in range(3)]
    seconds, memory = (statistics.median(float(answer[index]) for answer in answers) for index in range(2))
    yield Line("letters.annex_seconds", 1, ANNEX_SECONDS / seconds, 1 / seconds, 1 / ANNEX_SECONDS)
    yield Line("letters.annex_memory", 1, ANNEX_MEMORY / memory, 1 / memory, 1 / ANNEX_MEMORY)


def print_large() -> None:
    """Seconds, and megabytes at the most."""
    annex = annex_of(
        tuple(f"Organisation for fair digital trade number {number}" for number in range(10_000)), size=100
    )
    start = time.perf_counter()
    render_pdf(frozen_body(), envelope(), annex, proof=PROOF)
    print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def annex_of(names: tuple[str, ...], size: int = 45) -> AnnexData:
    starts = range(0, len(names), size)
    sections = tuple(AnnexSection(f"Country {start // size}", names[start : start + size]) for start in starts)
    return AnnexData(datetime(2017, 12, 1, tzinfo=UTC), "0" * 64, len(names), 0, len(sections), 0, sections)


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
