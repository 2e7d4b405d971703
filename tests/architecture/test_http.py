"""Only views, the access decorators and what Django plugs in (middleware, template tags, …) know of HTTP."""

import ast
from pathlib import Path

APPS = Path(__file__).resolve().parent.parent.parent / "apps"
#: layers below the views; see docs/architecture.md
BELOW_VIEWS = {"forms", "pages", "services", "transports", "selectors", "models", "tasks"}
HTTP = {"django.http", "django.shortcuts"}


def imports_http(source: str) -> bool:
    """Whether a module imports Http404, a request, a response or a shortcut, wherever in it."""
    return any(
        (isinstance(node, ast.ImportFrom) and node.module in HTTP)
        or (isinstance(node, ast.Import) and any(name.name in HTTP for name in node.names))
        for node in ast.walk(ast.parse(source))
    )


def layer(path: Path) -> str:
    """The name of the module or package directly below the app."""
    return path.relative_to(APPS).parts[1].removesuffix(".py")


def modules() -> list[Path]:
    return [path for path in APPS.rglob("*.py") if len(path.relative_to(APPS).parts) > 1]


def test_layers_below_the_views_import_nothing_of_http() -> None:
    below = [path for path in modules() if layer(path) in BELOW_VIEWS]
    assert len(below) > 150, "a search that finds nothing would pass"
    assert [str(path) for path in below if imports_http(path.read_text(encoding="utf-8"))] == []


def test_http404_is_raised_by_views_and_access_decorators_only() -> None:
    raising = {layer(path) for path in modules() if "tests" not in path.parts and "raise Http404" in path.read_text()}
    assert raising <= {"views", "viewsets", "access"}


def test_the_search_sees_every_spelling() -> None:
    assert imports_http("def page():\n    from django.http import Http404\n")
    assert imports_http("import django.shortcuts\n")
    assert not imports_http("from django.utils.http import urlencode\n")
