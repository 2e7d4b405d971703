"""The letter as HTML for a page."""

from collections.abc import Iterable, Mapping
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from apps.core.types import JsonObject

from .composition import Block, Composition, Note, Span, compose
from .types import AnnexData

NOTHING = SafeString("")


def render_html(
    body: JsonObject,
    envelope: Mapping[str, str],
    annex: AnnexData | None = None,
    *,
    gaps: bool = False,
    prefix: str = "",
) -> SafeString:
    """`<article class="letter">` without the title. `prefix` keeps the ids of two letters on a page apart. Raises
    MissingValue unless `gaps`."""
    letter = compose(body, envelope, annex, gaps=gaps)
    return format_html(
        '<article class="letter" lang="{}" dir="{}">{}{}{}</article>',
        letter.lang,
        letter.language.direction,
        joined(block_html(block, letter, prefix) for block in letter.blocks),
        _notes(letter, prefix),
        _annex(letter),
    )


def render_draft_html(
    body: JsonObject, envelope: Mapping[str, str], audiences: Mapping[str, tuple[str, str]], *, prefix: str = ""
) -> SafeString:
    """A draft with every passage, under a sentence that says for whom. `audiences`: {block id: (class, sentence)}."""
    letter = compose(body, envelope, gaps=True)
    pieces = []
    for audience, blocks in groupby(letter.blocks, key=lambda block: audiences.get(block.source_id)):
        inside = joined(block_html(block, letter, prefix) for block in blocks)
        if audience:
            inside = format_html('<div class="{}"><p class="who">{}</p>{}</div>', *audience, inside)
        pieces.append(inside)
    return format_html(
        '<article class="letter" lang="{}" dir="{}">{}{}</article>',
        letter.lang,
        letter.language.direction,
        joined(pieces),
        _notes(letter, prefix),
    )


def joined(pieces: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def block_html(block: Block, letter: Composition, prefix: str) -> SafeString:
    inside = spans_html(block.spans, letter, prefix)
    if block.kind == "par":
        return format_html('<p class="numbered">{}</p>', inside)
    if block.kind == "plain":
        return format_html("<p>{}</p>", inside)
    if block.kind in {"h2", "h3"}:
        tag = mark_safe(block.kind)  # noqa: S308  # one of two constants
        return format_html("<{}>{}</{}>", tag, inside, tag)
    if block.kind == "signed":
        return format_html('<div class="signline"><span>{}</span></div>', inside)
    if block.kind == "quote":
        quoted = format_html_join("", "<p>{}</p>", ((spans_html(line, letter, prefix),) for line in block.items[0]))
        return format_html("<blockquote>{}</blockquote>", quoted)
    items = [_paragraphs(item, letter, prefix) for item in block.items]
    rows = format_html_join("", "<li>{}</li>", ((item,) for item in items))
    if block.kind == "asks":
        return format_html('<ol class="asks">{}</ol>', rows)
    return format_html('<ul class="dashes">{}</ul>', rows)


def _paragraphs(item: tuple[tuple[Span, ...], ...], letter: Composition, prefix: str) -> SafeString:
    if len(item) == 1:
        return spans_html(item[0], letter, prefix)
    return format_html_join("", "<p>{}</p>", ((spans_html(spans, letter, prefix),) for spans in item))


def spans_html(spans: Iterable[Span], letter: Composition, prefix: str) -> SafeString:
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
