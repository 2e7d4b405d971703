"""The letter as HTML for a page."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.core.types import JsonObject

from .composition import Block, Composition, Note, Span, compose
from .types import AnnexData

NOTHING = SafeString("")
#: {kind of block: HTML around its content}
BLOCKS = {
    "par": '<p class="numbered">{}</p>',
    "plain": "<p>{}</p>",
    "h2": "<h2>{}</h2>",
    "h3": "<h3>{}</h3>",
    "signed": '<div class="signline"><span>{}</span></div>',
    "quote": "<blockquote>{}</blockquote>",
    "asks": '<ol class="asks">{}</ol>',
    "dashes": '<ul class="dashes">{}</ul>',
}


def render_html(
    body: JsonObject,
    envelope: Mapping[str, str],
    annex: AnnexData | None = None,
    *,
    gaps: bool = False,
    prefix: str = "",
) -> SafeString:
    """`<article class="letter">` without the title; `prefix` is for ids. Raises MissingValue unless `gaps`."""
    letter = compose(body, envelope, annex, gaps=gaps)
    return _article(letter, _blocks(letter.blocks, letter, prefix), _notes(letter, prefix), _annex(letter))


def render_draft_html(
    body: JsonObject, envelope: Mapping[str, str], audiences: Mapping[str, tuple[str, str]]
) -> SafeString:
    """A draft with every passage, under a sentence that says for whom. `audiences`: {block id: (class, sentence)}."""
    letter = compose(body, envelope, gaps=True)
    pieces = []
    for audience, blocks in groupby(letter.blocks, key=lambda block: audiences.get(block.source_id)):
        inside = _blocks(blocks, letter, "")
        if audience:
            inside = format_html('<div class="{}"><p class="who">{}</p>{}</div>', *audience, inside)
        pieces.append(inside)
    return _article(letter, *pieces, _notes(letter, ""))


def _article(letter: Composition, *inside: SafeString) -> SafeString:
    html = '<article class="letter" lang="{}" dir="{}">{}</article>'
    return format_html(html, letter.lang, letter.language.direction, joined(inside))


def joined(pieces: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def block_html(block: Block, spans: Callable[[Iterable[Span]], SafeString], patterns: Mapping[str, str]) -> SafeString:
    """`spans` renders a run of them, `patterns` has the HTML of each kind of block."""
    if block.kind == "quote":
        inside = _paragraphs(block.items[0], spans)
    elif block.items:
        items = (spans(item[0]) if len(item) == 1 else _paragraphs(item, spans) for item in block.items)
        inside = format_html_join("", "<li>{}</li>", ((item,) for item in items))
    else:
        inside = spans(block.spans)
    return format_html(patterns[block.kind], inside)


def _paragraphs(item: tuple[tuple[Span, ...], ...], spans: Callable[[Iterable[Span]], SafeString]) -> SafeString:
    return format_html_join("", "<p>{}</p>", ((spans(line),) for line in item))


def _blocks(blocks: Iterable[Block], letter: Composition, prefix: str) -> SafeString:
    return joined(block_html(block, partial(_spans, letter=letter, prefix=prefix), BLOCKS) for block in blocks)


def _spans(spans: Iterable[Span], letter: Composition, prefix: str) -> SafeString:
    return joined(_span(span, letter, prefix) for span in spans)


def _span(span: Span, letter: Composition, prefix: str) -> SafeString:
    if span.line_break:
        return SafeString("<br>")
    if span.note:
        name = format_html(' id="{}r{}"', prefix, span.note) if span.first else NOTHING
        label = letter.language.notes.note.format(n=span.note)
        return format_html(
            '<a class="footnote" href="#{}n{}"{} aria-label="{}">{}</a>', prefix, span.note, name, label, span.note
        )
    if span.gap:
        return format_html('<span class="merge-field gap">{} ?</span>', span.text)
    text = emphasized(span.text, span)
    return format_html('<a href="{}" rel="noreferrer">{}</a>', span.href, text) if span.href else text


def emphasized(text: str, span: Span) -> SafeString:
    safe = format_html("{}", text)
    if span.italic:
        safe = format_html("<em>{}</em>", safe)
    return format_html("<strong>{}</strong>", safe) if span.bold else safe


def _notes(letter: Composition, prefix: str) -> SafeString:
    if not letter.notes:
        return NOTHING
    cited = {span.note for block in letter.blocks for span in _all_spans(block) if span.note}
    rows = joined(_note(note, letter, prefix, back=note.n in cited) for note in letter.notes)
    heading = letter.language.notes.heading
    return format_html('<section class="notes" aria-label="{}"><ol>{}</ol></section>', heading, rows)


def _note(note: Note, letter: Composition, prefix: str, *, back: bool) -> SafeString:
    address = (
        format_html(' <a href="{}" rel="noreferrer" dir="ltr">{}</a>', note.url, note.url) if note.url else NOTHING
    )
    arrow = format_html(' <a href="#{}r{}" aria-label="{}">↑</a>', prefix, note.n, letter.language.notes.back)
    return format_html(
        '<li id="{}n{}"><bdi>{}</bdi>{}{}</li>', prefix, note.n, note.text, address, arrow if back else NOTHING
    )


def _all_spans(block: Block) -> Iterable[Span]:
    yield from block.spans
    for item in block.items:
        for spans in item:
            yield from spans


def _annex(letter: Composition) -> SafeString:
    if letter.annex is None:
        return NOTHING
    sections = format_html_join(
        "",
        '<section><h3><span>{}</span> <span class="num">{}</span></h3><ul>{}</ul></section>',
        (
            (
                section.country,
                len(section.names),
                format_html_join("", '<li><span dir="auto">{}</span></li>', ((name,) for name in section.names)),
            )
            for section in letter.annex_sections
        ),
    )
    lines = format_html_join("", "<p>{}</p>", ((line,) for line in letter.annex_lines))
    return format_html(
        '<section aria-label="{}"><h2>{}</h2>{}<div class="by-country">{}</div>'
        '<p class="small muted">{} <code dir="ltr">{}</code></p></section>',
        letter.language.signatures.heading,
        letter.language.signatures.heading,
        lines,
        sections,
        *letter.fingerprint,
    )
