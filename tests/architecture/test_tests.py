"""Tests stand on their own: what several share is a factory, a fixture, or a module beside them that is no test."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def imported_modules(path: Path, text: str) -> Iterator[str]:
    """Dotted names of the modules that a file imports, and of what it imports from them."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def imports_of_tests(path: Path, text: str) -> list[str]:
    """What it imports of another test. A conftest may take fixtures from another conftest."""
    forbidden = ("test_",) if path.name == "conftest.py" else ("test_", "conftest")
    return [
        name
        for name in imported_modules(path, text)
        if name.split(".")[0] in {"apps", "tests", "conftest"}
        if any(part.startswith(forbidden) for part in name.split("."))
    ]


def test_no_test_imports_another() -> None:
    files = [path for folder in ("apps", "tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")]
    found = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in [*files, ROOT / "conftest.py"]
        for name in imports_of_tests(path, path.read_text(encoding="utf-8"))
    }
    assert found == set(), "move what both use to tests/factories/"


def test_no_test_empties_the_cache_that_others_use() -> None:
    """Tests run beside each other on one Valkey, where `clear` takes what all of them have counted."""
    files = [path for folder in ("apps", "tests") for path in (ROOT / folder).rglob("*.py")]
    empties = re.compile(r"\bcaches?(\[[^]]+\])?\.clear\(|\.flush(db|all)\(")
    own = ROOT / "tests" / "factories" / "own_services.py"  # a Valkey that nobody else uses
    found = [str(path) for path in files if path != own and empties.search(path.read_text(encoding="utf-8"))]
    assert found == []


@pytest.mark.parametrize(
    ("name", "line", "expected"),
    [
        (
            "test_pages.py",
            "from .test_facts import make_fact",
            ["apps.x.tests.test_facts", "apps.x.tests.test_facts.make_fact"],
        ),
        ("test_pages.py", "from . import test_facts", ["apps.x.tests.test_facts"]),
        ("test_pages.py", "from .conftest import call", ["apps.x.tests.conftest", "apps.x.tests.conftest.call"]),
        ("conftest.py", "from apps.y.tests.conftest import call", []),
        ("test_pages.py", "from tests.factories.letters import make_version", []),
        ("test_pages.py", "from django.test import Client", []),
    ],
)
def test_an_import_of_a_test_would_be_seen(name: str, line: str, expected: list[str]) -> None:
    assert imports_of_tests(ROOT / "apps" / "x" / "tests" / name, line) == expected
