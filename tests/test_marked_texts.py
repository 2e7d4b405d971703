"""Texts that people see are marked for translation in Python: by the syntax tree of every module."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

APPS = Path(__file__).resolve().parent.parent / "apps"
#: not for readers of pages: commands for operators, the API's documentation, which is English, and notes on fields
UNSEEN = {"tests", "migrations", "commands", "api"}
MODULES = [
    path
    for path in sorted(APPS.rglob("*.py"))
    if not UNSEEN & set(path.relative_to(APPS).parts) and "models" not in {path.stem, path.parent.name}
]
#: keyword arguments and attributes of classes with text for people
SHOWN = {"label", "help_text", "empty_label", "default_message", "verbose_name"}
ANSWERS = {"HttpResponse", "HttpResponseForbidden", "HttpResponseBadRequest", "PermissionDenied"}
WORD = re.compile(r"[^\W\d_]{2,}")
#: values of fields, and what is sent to programs: a security policy's address (RFC 9116), an answer to a monitor
NOT_WORDS = re.compile(r"[a-z_]+|ok")


def bare(node: ast.expr) -> bool:
    """Whether the expression is, or may be, words written as they stand."""
    match node:
        case ast.Constant(value=str(text)):
            return bool(WORD.search(text)) and not NOT_WORDS.fullmatch(text.strip())
        case ast.JoinedStr(values=parts):
            return any(bare(part) for part in parts if isinstance(part, ast.Constant))
        case ast.IfExp(body=one, orelse=other):
            return bare(one) or bare(other)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return bare(left) or bare(right)
        case ast.BinOp(left=left, op=ast.Mod()):
            return bare(left)
    return False


def name_of(node: ast.expr) -> str:
    return ast.unparse(node).rpartition(".")[2]


def error_classes(trees: list[ast.Module]) -> set[str]:
    """Names of ValidationError, DomainError and all classes below them: what they are made with is shown."""
    found, classes = {"DomainError", "ValidationError"}, [
        node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
    ]  # fmt: skip
    while more := {one.name for one in classes if found & {name_of(base) for base in one.bases}} - found:
        found |= more
    return found


def has_call(arguments: list[ast.expr]) -> bool:
    return any(isinstance(part, ast.Call) for argument in arguments for part in ast.walk(argument))


def shown_by_call(call: ast.Call, errors: set[str]) -> Iterator[ast.expr]:
    name, arguments = name_of(call.func), call.args
    for keyword in call.keywords:
        if keyword.arg in SHOWN:
            yield keyword.value
        elif keyword.arg == "choices" and isinstance(keyword.value, ast.List | ast.Tuple):
            yield from (row.elts[-1] for row in keyword.value.elts if isinstance(row, ast.Tuple))
        elif keyword.arg == "error_messages" and isinstance(keyword.value, ast.Dict):
            yield from keyword.value.values
    if ast.unparse(call.func).startswith("messages.") or name == "add_error":
        yield from arguments[1:2]
    elif name in errors | ANSWERS and not has_call(arguments[1:]):
        yield from arguments[:1]


def shown_by_class(node: ast.ClassDef) -> Iterator[ast.expr]:
    choices = any(name_of(base).endswith("Choices") for base in node.bases)
    for line in node.body:
        if isinstance(line, ast.Assign | ast.AnnAssign) and line.value is not None:
            target = line.targets[0] if isinstance(line, ast.Assign) else line.target
            if ast.unparse(target) in SHOWN:
                yield line.value
            elif choices and isinstance(line.value, ast.Tuple):
                yield line.value.elts[-1]


def unmarked(tree: ast.Module, errors: set[str]) -> list[str]:
    found: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found += shown_by_call(node, errors)
        elif isinstance(node, ast.ClassDef):
            found += shown_by_class(node)
    return [ast.unparse(node) for node in found if bare(node)]


def test_every_text_of_a_module_is_marked_for_translation() -> None:
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}
    errors = error_classes(list(trees.values()))
    assert {"TooManyTokens", "CallClosed"} & errors, "a search that finds no classes would pass"
    found = {str(path.relative_to(APPS)): bad for path, tree in trees.items() if (bad := unmarked(tree, errors))}
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        'name = forms.CharField(label="Your name")', 'name = Field(help_text=f"At most {most} letters.")',
        'Field(choices=[("a", _("One")), ("b", "The other")])', 'Field(error_messages={"required": "Enter a name."})',
        'messages.success(request, "It is saved.")', 'raise forms.ValidationError("Enter a name.")',
        'form.add_error("name", "Enter a name.")', 'raise TooLate("It is closed." if closed else _("Wait."))',
        'class TooLate(DomainError):\n    default_message = "It is too late."',
        'class Kind(models.TextChoices):\n    ONE = "one", "The first"', 'return HttpResponse("Nothing is here.")',
        'raise DomainError("There are %d letters." % n)',
    ],
)  # fmt: skip
def test_a_bare_text_is_seen(source: str) -> None:
    assert unmarked(ast.parse(source), {"DomainError", "ValidationError", "TooLate"})


@pytest.mark.parametrize(
    "source",
    [
        'name = forms.CharField(label=_("Your name"))', 'Field(choices=[("a", _("One"))], help_text="")',
        'raise DomainError(_("There are %d letters.") % n)', 'logger.info("Started")', 'raise ValueError("A bug")',
        'raise InvalidDocument(f"{path}.level", _("A heading has level 2 or 3."))',
        'class Kind(models.TextChoices):\n    ONE = "one", _("The first")',
    ],
)  # fmt: skip
def test_what_is_marked_passes(source: str) -> None:
    assert unmarked(ast.parse(source), {"DomainError", "ValidationError", "InvalidDocument"}) == []
