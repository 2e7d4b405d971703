"""HTML from strangers: sanitised, and as plain text."""

import re
from html.parser import HTMLParser

import nh3

BLOCKS = frozenset(
    {"p", "div", "tr", "li", "ul", "ol", "table", "blockquote", "pre", "hr", "br", "dl", "dt", "dd", "center"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "article", "aside", "footer", "header", "section", "address", "caption"}
)
#: preceded by an empty line
SPACED = frozenset({"p", "ul", "ol", "table", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"})
CELLS = frozenset({"td", "th"})
LISTS = frozenset({"ul", "ol"})
MAX_LINK = 300
TEXT_TAGS = set(BLOCKS | CELLS | {"a"})


class _TextParser(HTMLParser):
    """Collects lines with their depth of quotation."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[int, str]] = []
        self.pieces: list[str] = []
        self.depth = 0
        self.link = ""
        #: the next number of each open list; None where it has bullets
        self.numbers: list[int | None] = []
        self.preformatted = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.end_line(spaced=tag in SPACED)
        if tag == "blockquote":
            self.depth += 1
        elif tag in LISTS:
            self.numbers.append(1 if tag == "ol" else None)
        elif tag == "li":
            self.pieces = [self.list_mark()]
        elif tag == "a":
            self.link = dict(attrs).get("href") or ""
        elif tag == "pre":
            self.preformatted = True
        elif tag in CELLS:
            self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.end_line(spaced=tag in SPACED)
        if tag == "blockquote":
            self.depth = max(0, self.depth - 1)
        elif tag in LISTS and self.numbers:
            self.numbers.pop()
        elif tag == "a":
            self.end_link()
        elif tag == "pre":
            self.preformatted = False

    def handle_data(self, data: str) -> None:
        first, *others = data.split("\n") if self.preformatted else [data]
        self.pieces.append(first)
        for line in others:
            self.end_line(spaced=False)
            self.pieces.append(line)

    def list_mark(self) -> str:
        number = self.numbers[-1] if self.numbers else None
        if number is None:
            return "- "
        self.numbers[-1] = number + 1
        return f"{number}. "

    def end_link(self) -> None:
        """Write the address after the words, unless they are the address."""
        address, self.link = self.link, ""
        shown = "".join(self.pieces[-20:])
        bare = address.removeprefix("mailto:").partition("://")[2] or address.removeprefix("mailto:")
        if bare and bare.rstrip("/") not in shown and not address.startswith("#"):
            self.pieces.append(f" <{address.removeprefix('mailto:')[:MAX_LINK]}>")

    def end_line(self, *, spaced: bool) -> None:
        if line := " ".join("".join(self.pieces).split()):
            self.lines.append((self.depth, line))
        self.pieces = []
        if spaced and self.lines and self.lines[-1][1]:
            self.lines.append((self.depth, ""))


def html_to_text(html: str) -> str:
    """Paragraphs, list items and cells as lines, with addresses of links; quotations begin with "> "."""
    parser = _TextParser()
    parser.feed(
        nh3.clean(html, tags=TEXT_TAGS, attributes={"a": {"href"}}, clean_content_tags={"script", "style", "title"})
    )
    parser.close()
    parser.end_line(spaced=False)
    while parser.lines and not parser.lines[-1][1]:
        parser.lines.pop()
    return "\n".join(f"{'> ' * depth}{line}".rstrip() for depth, line in parser.lines).strip()


def clean_html(html: str) -> str:
    """Sanitised HTML without pictures, styles and forms. Headings become paragraphs: the page has its own."""
    kept = nh3.clean(html, tags=nh3.ALLOWED_TAGS - {"img", "map", "area"}, link_rel="noopener noreferrer nofollow")
    return re.sub(r"<(/?)h[1-6]\b", r"<\1p", kept)
