"""Every text can be translated, and every page can run from right to left."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
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
#: parts of a template that are no text for readers
SILENT = [
    re.compile(r"\{%\s*comment.*?endcomment\s*%\}", re.DOTALL),
    re.compile(r"\{#.*?#\}"),
    re.compile(
        r"\{%\s*block (?:body_attributes|main_class|form_class|section)\s*%\}.*?\{%\s*endblock\s*%\}"
    ),  # classes
    re.compile(r"\{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%\}", re.DOTALL),
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r"<(style|script|svg|code|kbd)\b.*?</\1>", re.DOTALL),
    re.compile(r"<(\w+)[^>]*\blang=\"\w\w\"[^>]*>[^<]*</\1>"),  # a text that says which language it is in
    re.compile(r"\{\{.*?\}\}", re.DOTALL),
    re.compile(r"\{%.*?%\}", re.DOTALL),
]
SPOKEN = re.compile(r"""\b(?:title|alt|aria-label|placeholder|content)=(?:"([^"]*)"|'([^']*)')""")
WORD = re.compile(r"[^\W\d_]{2,}")


def texts_of(source: str) -> Iterator[str]:
    """Texts of a template that stand outside every tag for translation."""
    yield from re.findall(r"\{%\s*(?:glyph|state)(?:\s+\S+){1,2}?\s+\"([^\"]*\s[^\"]*)\"\s*%\}", source)
    for silent in SILENT:
        source = silent.sub(" ", source)
    for double, single in SPOKEN.findall(re.sub(r"<(?:meta|link)\b[^>]*>", "", source)):
        yield double or single
    yield from re.split(r"<[^>]*>", source)


#: attributes that a page adds to its body
BODY_CLASS = re.compile(r'{% block body_attributes %}\s*class="[\w -]+"\s*{% endblock %}')


def unmarked(source: str) -> list[str]:
    found = []
    for text in texts_of(BODY_CLASS.sub("", source)):
        left = text
        for word in sorted(SAME_EVERYWHERE, key=len, reverse=True):
            left = re.sub(rf"\b{re.escape(word)}\b", "", left)
        left = re.sub(r"&\w+;", "", left)
        if WORD.search(left):
            found.append(" ".join(text.split()))
    return found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_text_of_a_template_is_marked_for_translation(path: Path) -> None:
    assert unmarked(path.read_text(encoding="utf-8")) == []


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 60


@pytest.mark.parametrize(
    "source",
    [
        "<p>Bare text</p>", '<p>{% translate "Marked" %} and bare</p>', '<input placeholder="Bare text">',
        '{% blocktranslate %}Marked{% endblocktranslate %} <b>bare</b>', '{% state "ok" "ok" "Bare text" %}',
        '<svg aria-hidden="true"></svg>Bare',
    ],
)  # fmt: skip
def test_a_bare_text_is_seen(source: str) -> None:
    assert unmarked(source)


@pytest.mark.parametrize(
    "source",
    [
        '<p>{% translate "Marked" %}</p>', "{% blocktranslate %}Marked <b>too</b>{% endblocktranslate %}",
        "{# a remark #}{{ value }}", "<td>{{ number }} – 3&nbsp;…</td>", "<svg><title>x</title></svg>",
        """<p title="{% translate 'Marked' %}">ecomcampaign</p>""",
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
    assert "ar-xb" in dict(settings.LANGUAGES), "in tests and on one's own machine"


@pytest.mark.parametrize(("language", "direction"), [("ar-xb", "rtl"), ("ar", "rtl"), ("en", "ltr"), ("fr", "ltr")])
def test_pages_say_their_language_and_direction(db: None, language: str, direction: str) -> None:
    answer = Client().get("/accounts/sign-in/", headers={"accept-language": language})
    assert f'<html lang="{language}" dir="{direction}"' in answer.content.decode()
    assert answer.headers["Content-Language"] == language


def test_production_offers_no_pseudo_language() -> None:
    assert 'ar-xb"' not in (ROOT / "ecomcampaign" / "settings" / "production.py").read_text()
    base = (ROOT / "ecomcampaign" / "settings" / "base.py").read_text()
    assert "ar-xb" not in re.search(r"^LANGUAGES = .*$", base, re.MULTILINE)[0]
