"""The letter as HTML for a page."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from html import escape
from itertools import groupby

from django.utils.safestring import SafeString

from apps.core.types import JsonObject

from .composition import Block, Composition, Note, Span, compose
from .types import AnnexData

#: {kind of block: HTML around its content}; letters: how a list says that it has them
BLOCKS = {
    "par": '<p class="numbered">{}</p>',
    "plain": "<p>{}</p>",
    "h2": "<h2>{}</h2>",
    "h3": "<h3>{}</h3>",
    "signed": '<div class="signline"><span>{}</span></div>',
    "quote": "<blockquote>{}</blockquote>",
    "asks": '<ol class="asks"{}>{}</ol>',
    "letters": "",
    "dashes": '<ul class="dashes">{}</ul>',
}
#: what sets a run of text; it escapes
type SetSpan = Callable[[Span], str]


def render_html(
    body: JsonObject,
    envelope: Mapping[str, str],
    annex: AnnexData | None = None,
    *,
    gaps: bool = False,
) -> SafeString:
    """`<article class="letter">` without the title. Raises MissingValue unless `gaps`."""
    letter = compose(body, envelope, annex, gaps=gaps)
    set_span = partial(_span, letter=letter)
    blocks = "".join([block_html(block, set_span, BLOCKS) for block in letter.blocks])
    return _article(letter, blocks, _notes(letter), _annex(letter))


def render_draft_html(
    body: JsonObject, envelope: Mapping[str, str], audiences: Mapping[str, tuple[str, str]]
) -> SafeString:
    """A draft with every passage, under a sentence that says for whom. `audiences`: {block id: (class, sentence)}."""
    letter = compose(body, envelope, gaps=True)
    set_span = partial(_span, letter=letter)
    pieces = []
    for audience, blocks in groupby(letter.blocks, key=lambda block: audiences.get(block.source_id)):
        pieces.append(_for_audience(audience, "".join([block_html(block, set_span, BLOCKS) for block in blocks])))
    return _article(letter, *pieces, _notes(letter))


def draft_blocks_html(
    body: JsonObject, envelope: Mapping[str, str], audiences: Mapping[str, tuple[str, str]]
) -> list[tuple[Block, SafeString]]:
    """The same block by block, without the notes: pages put something between them."""
    letter = compose(body, envelope, gaps=True)
    set_span = partial(_span, letter=letter)
    return [
        (block, SafeString(_for_audience(audiences.get(block.source_id), block_html(block, set_span, BLOCKS))))
        for block in letter.blocks
    ]


def _for_audience(audience: tuple[str, str] | None, inside: str) -> str:
    if audience is None:
        return inside
    kind, sentence = map(escape, audience)
    return f'<div class="{kind}"><p class="who">{sentence}</p>{inside}</div>'


def _article(letter: Composition, *inside: str) -> SafeString:
    """`inside` is escaped already: Django's `format_html` on every span took most of the time of a letter."""
    head = f'<article class="letter" lang="{escape(letter.lang)}" dir="{letter.language.direction}">'
    return SafeString(f"{head}{''.join(inside)}</article>")


def block_html(block: Block, set_span: SetSpan, patterns: Mapping[str, str]) -> str:
    """`patterns` has the HTML of each kind of block."""
    if block.kind == "quote":
        lines = [f"<p>{_set(line, set_span)}</p>" for line in block.items[0] if not isinstance(line, Block)]
        return patterns["quote"].format("".join(lines))
    if not block.items:
        return patterns[block.kind].format(_set(block.spans, set_span))
    items = "".join([f"<li>{_item(item, set_span, patterns)}</li>" for item in block.items])
    if block.kind == "asks":
        return patterns["asks"].format(_numbering(block, patterns["letters"]), items)
    return patterns[block.kind].format(items)


def _set(spans: Iterable[Span], set_span: SetSpan) -> str:
    return "".join([set_span(span) for span in spans])


def _item(item: tuple[tuple[Span, ...] | Block, ...], set_span: SetSpan, patterns: Mapping[str, str]) -> str:
    """Its paragraphs, and the lists in it. One paragraph by itself has no element."""
    bare = sum(not isinstance(piece, Block) for piece in item) == 1
    pieces = []
    for piece in item:
        if isinstance(piece, Block):
            pieces.append(block_html(piece, set_span, patterns))
        else:
            pieces.append(_set(piece, set_span) if bare else f"<p>{_set(piece, set_span)}</p>")
    return "".join(pieces)


def _numbering(block: Block, letters: str) -> str:
    named = {"decimal": ' type="1"', "roman": ' type="i"'}.get(block.numbering, letters)
    return f'{named} start="{block.start}"' if block.start > 1 else named


def _span(span: Span, letter: Composition) -> str:
    if span.line_break:
        return "<br>"
    if span.note:
        name = f' id="r{span.note}"' if span.first else ""
        label = escape(letter.language.notes.note.format(n=span.note))
        return f'<a class="footnote" href="#n{span.note}"{name} aria-label="{label}">{span.note}</a>'
    if span.gap:
        return f'<span class="merge-field gap">{escape(span.text)} ?</span>'
    text = emphasized(span.text, span)
    return f'<a href="{escape(span.href)}" rel="noreferrer">{text}</a>' if span.href else text


def emphasized(text: str, span: Span) -> str:
    """The text escaped, in the span's emphasis."""
    safe = escape(text)
    if span.script:
        safe = f"<{span.script}>{safe}</{span.script}>"
    if span.italic:
        safe = f"<em>{safe}</em>"
    return f"<strong>{safe}</strong>" if span.bold else safe


def _notes(letter: Composition) -> str:
    if not letter.notes:
        return ""
    cited = {span.note for block in letter.blocks for span in block.all_spans() if span.note}
    back = escape(letter.language.notes.back)
    direction = letter.language.direction
    rows = "".join([_note(note, direction, back if note.n in cited else "") for note in letter.notes])
    return f'<section class="notes" aria-label="{escape(letter.language.notes.heading)}"><ol>{rows}</ol></section>'


def _note(note: Note, direction: str, back: str) -> str:
    """In the direction of the letter, also where the note begins with a name in other letters."""
    url = escape(note.url)
    address = f' <a href="{url}" rel="noreferrer" dir="ltr">{url}</a>' if url else ""
    arrow = f' <a href="#r{note.n}" aria-label="{back}">↑</a>' if back else ""
    return f'<li id="n{note.n}"><bdi dir="{direction}">{escape(note.text)}</bdi>{address}{arrow}</li>'


def _annex(letter: Composition) -> str:
    if letter.annex is None:
        return ""
    heading, (label, sha256) = escape(letter.language.signatures.heading), letter.fingerprint
    lines = "".join([f"<p>{escape(line)}</p>" for line in letter.annex_lines])
    sections = "".join([
        f'<section><h3><span>{escape(section.country)}</span> <span class="num">{len(section.names)}</span></h3>'
        f"<ul>{''.join([f'<li><span dir="auto">{escape(name)}</span></li>' for name in section.names])}</ul></section>"
        for section in letter.annex_sections
    ])  # fmt: skip
    return (
        f'<section aria-label="{heading}"><h2>{heading}</h2>{lines}<div class="by-country">{sections}</div>'
        f'<p class="small muted">{escape(label)} <code dir="ltr">{escape(sha256)}</code></p></section>'
    )
