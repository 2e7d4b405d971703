"""Style sheets and pages use the same classes and custom properties, and no glyph is left over."""

import re
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
#: given by the editor's libraries, ProseMirror and Tiptap
LIBRARY = {"is-empty", "is-editor-empty", *(f"ProseMirror{part}" for part in (
    "", "-focused", "-gapcursor", "-hideselection", "-selectednode", "-separator",
))}  # fmt: skip
ATTRIBUTE = re.compile(r"""\bclass=(["'])(.*?)\1""", re.DOTALL)
PROPERTY = re.compile(r"""\bclass: (["'`])(.*?)\1""")
TEMPLATE_TAG = re.compile(r"{%.*?%}|{#.*?#}", re.DOTALL)
VALUE = re.compile(r"{{.*?}}|\$?{[^{}]*}", re.DOTALL)
#: words between quotes, as in `css = "icon icon-flip"` or `classList.toggle('gap', gap)`
QUOTED = re.compile(r"""(["'])([\w -]+)\1""")


def read(folder: str, *endings: str) -> str:
    files = [
        path for path in sorted((ROOT / folder).rglob("*")) if path.suffix in endings and "tests" not in path.parts
    ]
    return "\n".join(path.read_text() for path in files)


STYLES = re.sub(r"/\*.*?\*/", "", read("static/css", ".css"), flags=re.DOTALL)
TEMPLATES, PYTHON, SCRIPT = read("templates", ".html"), read("apps", ".py"), read("frontend/src", ".ts")


def names(text: str) -> set[str]:
    """The names in the value of an attribute; `state-{{ tone }}` is "state-*"."""
    return set(VALUE.sub("*", TEMPLATE_TAG.sub(" ", text)).split())


def defined() -> set[str]:
    selectors = [text for text in re.findall(r"([^{};]+){", STYLES) if not text.strip().startswith("@")]
    return set(re.findall(r"\.([A-Za-z_][\w-]*)", " ".join(selectors)))


def written() -> set[str]:
    """Names in attributes of templates and of HTML that Python writes, and in properties of the editor's elements."""
    found = [match[2] for text in (TEMPLATES, PYTHON) for match in ATTRIBUTE.finditer(TEMPLATE_TAG.sub(" ", text))]
    return set().union(*map(names, found), *(names(match[2]) for match in PROPERTY.finditer(SCRIPT)))


def public_styles() -> str:
    sheets = ("base", "components", "letter", "narrow", "public", "developers", "frozen_text")
    return "".join((ROOT / "static" / "css" / f"{name}.css").read_text() for name in sheets)


def test_every_class_of_the_style_sheets_is_used() -> None:
    quoted = {word for match in QUOTED.finditer(PYTHON + SCRIPT) for word in match[2].split()}
    used = (written() | quoted | LIBRARY) - {"*"}
    assert len(defined()) > 250, "a search that finds nothing would pass"
    assert sorted(name for name in defined() if not any(fnmatch(name, pattern) for pattern in used)) == []


def test_every_class_of_a_page_is_in_a_style_sheet() -> None:
    assert len(written()) > 250, "a search that finds nothing would pass"
    assert sorted(name for name in written() - defined() if "*" not in name) == []


def test_custom_properties_are_defined_and_used() -> None:
    used = set(re.findall(r"var\((--[\w-]+)", STYLES + TEMPLATES))
    assert used == set(re.findall(r"(--[\w-]+)\s*:", STYLES))


def test_colours_of_both_schemes_are_for_old_phones_too() -> None:
    assert len(re.findall(r"var\(--light, [^;]+ var\(--dark, ", STYLES)) > 30, "a search that finds nothing would pass"
    assert re.findall(r"light-dark\(|color-mix\(|oklch\(|@layer|@container|:has\(", public_styles()) == []


def test_every_glyph_and_pattern_is_used() -> None:
    symbols = (ROOT / "templates" / "_symbols.html").read_text()
    text = TEMPLATES + PYTHON + SCRIPT + STYLES
    unused = [
        name
        for name in re.findall(r'<(?:symbol|pattern)\s+id="([\w-]+)"', symbols)
        if not re.search(rf"""["'#]{name}["')]""", text.replace(f'id="{name}"', ""))
    ]
    assert unused == []
