"""The code knows no campaign by name: what only the shipped campaign's data may say stands in no line of code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = ROOT / "data" / "mc11"

#: words of the campaign, its conference and its subject
WORDS = (
    "mc11", "buenos aires", "buenos_aires", "argentin", "kenya", "african group", "african-group", "e-commerce",
    "ecommerce", "electronic commerce", "digital trade", "ministerial conference", "eleventh", "huffington",
    "deborah james", "164",
)  # fmt: skip
#: where one of them may stand, and why
ALLOWED = {
    ("templates/website/start.html", "mc11"): "names the folder that is shipped, where nothing is loaded yet",
    ("ecomcampaign/settings/base.py", "mc11"): "names the folder that make run opens on",
    ("apps/demo/pages/tour.py", "kenya"): "the tour leads through the demonstration that is shipped",
}


def ids_of_the_data() -> set[str]:
    """Every id of the shipped files that nobody would write by accident."""
    found: set[str] = set()
    for path in [*DATA.glob("*.yaml"), *DATA.glob("templates/*.yaml")]:
        found |= {
            str(value) for name, value in pairs(yaml.safe_load(path.read_text())) if name in {"id", "slug", "key"}
        }
    return {name for name in found if "-" in name and len(name) > 6}


def pairs(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name, inner
            yield from pairs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from pairs(inner)


def sources() -> list[Path]:
    """What runs or is shown. Tests and what is built from frontend/ are left out."""
    places = ["apps/**/*.py", "ecomcampaign/**/*.py", "templates/**/*", "static/js/*.js", "static/css/*.css"]
    found = [path for place in [*places, "frontend/src/**/*.ts"] for path in ROOT.glob(place) if path.is_file()]
    return [path for path in sorted(found) if "tests" not in path.parts]


def code_of(path: Path) -> str:
    """The file without remarks and docstrings, in which examples may stand."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return python_code(text)
    text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"(^|\s)//.*", "", text) if path.suffix in {".ts", ".js"} else text


def python_code(text: str) -> str:
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if (
            isinstance(body, list)
            and body
            and isinstance(body[0], ast.Expr)
            and isinstance(body[0].value, ast.Constant)
        ):
            body[0].value.value = ""
    return ast.unparse(tree)


def found_in(text: str, words: set[str]) -> set[str]:
    low = text.lower()
    return {word for word in words if word in low and re.search(rf"(?<![\w-]){re.escape(word)}", low)}


def test_there_is_something_to_search() -> None:
    assert len(sources()) > 250
    ids = ids_of_the_data()
    assert {"tp01-f01", "african-group", "src-document", "ask-no-mandate"} <= ids
    assert len(ids) > 250


def test_no_code_knows_the_campaign_that_is_shipped() -> None:
    words = {*WORDS, *ids_of_the_data()}
    found = {(str(path.relative_to(ROOT)), word) for path in sources() for word in found_in(code_of(path), words)}
    assert found - set(ALLOWED) == set(), "put it into data/, or say in ALLOWED why it may stand there"
    assert set(ALLOWED) - found == set(), "this is allowed and no longer there"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"""MC11, for example."""\nplace = "Rome"  # not Buenos Aires\n', set()),
        ('place = "Buenos Aires"\n', {"buenos aires"}),
        ("def mc11_only():\n    pass\n", {"mc11"}),
    ],
)
def test_a_word_would_be_seen_in_code_and_not_in_a_remark(text: str, expected: set[str]) -> None:
    assert found_in(python_code(text), set(WORDS)) == expected
