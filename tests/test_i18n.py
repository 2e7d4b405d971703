"""Every text can be translated, and every page can run from right to left."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.template.base import Lexer, TokenType
from django.test import Client
from django.utils import translation

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"})
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))

#: words that are the same in every language: names, codes, what one types into a shell
SAME_EVERYWHERE = {
    "ecomcampaign", "Mastodon", "UTC", "PDF", "JSON", "CSV", "HTML", "SMTP", "Message-ID", "sha256", "SHA-256", "h",
    "Ada Okoro", "Lena Fischer", "Naledi", "B", "I", "H",
}  # fmt: skip
#: parts of a template that are no text for readers: classes, and examples for a shell
CLASS_BLOCKS = {"body_attributes", "main_class", "form_class", "section"}
UNREAD = {"style", "script", "code", "kbd"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SPOKEN = {
    "title",
    "alt",
    "placeholder",
    "label",
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "aria-valuetext",
}
BUTTONS = {"submit", "button", "reset"}
#: stands for what a template puts in
FILLED = "\ue000"
#: words given to a tag or a filter, other than those in _("")
GIVEN = re.compile(r"""(["'])(.*?)\1""")
MARKED = re.compile(r"""_\((["']).*?\1\)""")
NOT_WORDS = {"translate", "trans", "url", "load", "extends", "static", "if", "elif"}
WORD = re.compile(r"[^\W\d_]{2,}")


class Spoken(HTMLParser):
    """Collects what readers see or hear: text, and the attributes that are read out or written on buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        #: open elements, and whether their text is left alone
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        language = found.get("lang", FILLED)
        if self.silent:
            return self._opened(tag, True)
        self.texts += [value for name, value in found.items() if name in SPOKEN]
        if tag == "input" and found.get("type") in BUTTONS:
            self.texts.append(found.get("value", ""))
        if tag == "meta" and (
            found.get("name") == "description" or found.get("property") in {"og:title", "og:description"}
        ):
            self.texts.append(found.get("content", ""))
        return self._opened(tag, tag in UNREAD or FILLED not in language)

    def _opened(self, tag: str, silent: bool) -> None:
        if tag not in VOID:
            self.open.append((tag, silent))

    @property
    def silent(self) -> bool:
        return any(silent for _tag, silent in self.open)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        found = next((place for place in reversed(range(len(self.open))) if self.open[place][0] == tag), None)
        if found is not None:  # branches of an {% if %} may close an element twice
            del self.open[found:]

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.texts.append(data)


def texts_of(source: str) -> list[str]:
    """Texts of a template that stand outside every tag for translation."""
    parser, given, until = Spoken(), [], ""
    html = []
    for token in Lexer(source).tokenize():
        name, *rest = token.contents.split() if token.token_type == TokenType.BLOCK else ("",)
        if until:
            until = "" if name == until or (until == "endblocktranslate" and name == "endblocktrans") else until
        elif name in {"comment", "blocktranslate", "blocktrans"}:
            until = "endcomment" if name == "comment" else "endblocktranslate"
        elif name == "block" and rest[0] in CLASS_BLOCKS:
            until = "endblock"
        elif token.token_type == TokenType.TEXT:
            html.append(token.contents)
        elif token.token_type != TokenType.COMMENT:
            html.append(FILLED if token.token_type == TokenType.VAR else " ")
            if name not in NOT_WORDS:
                words = [words for _quote, words in GIVEN.findall(MARKED.sub("", token.contents))]
                given += [text for text in words if " " in text.strip() or text[:1].isupper()]
    parser.feed("".join(html))
    parser.close()
    return [*given, *parser.texts]


def unmarked(source: str) -> list[str]:
    found = []
    for text in texts_of(source):
        left = text
        for word in sorted(SAME_EVERYWHERE, key=len, reverse=True):
            left = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", "", left)
        if WORD.search(left):
            found.append(" ".join(text.split()))
    return found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_text_of_a_template_is_marked_for_translation(path: Path) -> None:
    assert unmarked(path.read_text(encoding="utf-8")) == []


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 60


def test_the_campaigns_name_is_in_the_readers_language() -> None:
    assert [path.name for path in TEMPLATES if "campaign.name" in path.read_text(encoding="utf-8")] == [], "text_in"


@pytest.mark.parametrize(
    "source",
    [
        "<p>Bare text</p>", '<p>{% translate "Marked" %} and bare</p>', '<input placeholder="Bare text">',
        '{% blocktranslate %}Marked{% endblocktranslate %} <b>bare</b>', '{% state "ok" "ok" "Bare text" %}',
        '<svg aria-hidden="true"></svg>Bare', "<option value=''>Bare</option>", "<title>Bare</title>",
        '<p {% if far %}class="far"{% endif %} title="Bare text">', "<img alt='Bare text'>",
        '<p aria-label="{{ n }} bare">',
        '<input type="submit" value="Bare">', '<optgroup label="Bare">', "<svg><text>Bare</text></svg>",
        '<button type="submit" title="{% translate \'Marked\' %}">Bare</button>', '{{ name|default:"nobody at all" }}',
        '{% include "x.html" with heading="Bare text" %}', '<meta name="description" content="Bare text">',
        "<p lang='{{ code }}'>Bare</p>", "{% if a %}<p>{% else %}<p>{% endif %}Bare</p>",
    ],
)  # fmt: skip
def test_a_bare_text_is_seen(source: str) -> None:
    assert unmarked(source)


@pytest.mark.parametrize(
    "source",
    [
        '<p>{% translate "Marked" %}</p>', "{% blocktranslate %}Marked <b>too</b>{% endblocktranslate %}",
        "{# a remark #}{{ value }}", "<td>{{ number }} – 3&nbsp;…</td>", "<svg><title>x</title></svg>",
        """<p title="{% translate 'Marked' %}">ecomcampaign</p>""", '<p lang="fr">La lettre</p>',
        """{{ name|default:_("nobody") }}""", '<input type="hidden" value="Bare">', "<style>p { color: red }</style>",
        "{% block main_class %}wide page{% endblock %}", '{% include "x.html" with kind="letters" %}',
        "{% comment %}A remark{% endcomment %}", '{% if request.method == "POST" %}{% endif %}',
    ],
)  # fmt: skip
def test_what_is_marked_passes(source: str) -> None:
    assert unmarked(source) == []


# ---- right to left

PHYSICAL = re.compile(
    r"(?:^|[;{\s])((?:margin|padding|border|inset)-(?:left|right)\b[\w-]*|left|right|text-align|float|clear)\s*:\s*([^;}]+)"
)


def physical(css: str) -> list[str]:
    """Declarations that name a side instead of a direction."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return [
        f"{name}: {value.strip()}"
        for name, value in PHYSICAL.findall(css)
        if name not in {"text-align", "float", "clear"} or value.strip() in {"left", "right"}
    ]


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_know_directions_not_sides(path: Path) -> None:
    assert physical(path.read_text(encoding="utf-8")) == []


def test_a_side_is_seen() -> None:
    assert physical(".a { margin-left: 1rem; text-align:right } .b{left:0}") == [
        "margin-left: 1rem", "text-align: right", "left: 0",
    ]  # fmt: skip
    assert physical(".a { margin-inline-start: 1rem; text-align: end; inset-inline-start: 0 }") == []


def test_the_pseudo_language_is_known_to_django() -> None:
    assert translation.get_language_info("ar-xb")["bidi"] is True
    with translation.override("ar-xb"):
        assert translation.get_language_bidi()
    assert "ar-xb" in dict(settings.LANGUAGES), "in tests"


@pytest.mark.parametrize(("language", "direction"), [("ar-xb", "rtl"), ("ar", "rtl"), ("en", "ltr"), ("fr", "ltr")])
def test_pages_say_their_language_and_direction(db: None, language: str, direction: str) -> None:
    answer = Client().get("/accounts/sign-in/", headers={"accept-language": language})
    assert f'<html lang="{language}" dir="{direction}"' in answer.content.decode()
    assert answer.headers["Content-Language"] == language


def test_nobody_is_offered_the_pseudo_language() -> None:
    for name in ("production", "local"):
        assert 'ar-xb"' not in (ROOT / "ecomcampaign" / "settings" / f"{name}.py").read_text()
    base = (ROOT / "ecomcampaign" / "settings" / "base.py").read_text()
    assert "ar-xb" not in re.search(r"^LANGUAGES = .*$", base, re.MULTILINE)[0]
