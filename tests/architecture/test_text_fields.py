"""What people type is cleaned by `apps.core.form_fields`: characters that show nothing or reorder text do not stay."""

from importlib import import_module
from pathlib import Path

from django import forms

APPS = Path(__file__).resolve().parent.parent.parent / "apps"
#: parsed into names or search terms, or deliberately raw
PLAIN = {
    "LetterForm.members",
    "PositionsForm.names",
    "SearchForm.q",
    "AnswerForm.text",
    "FindForm.country",
    "OrganisationForm.other_names",
    "TableForm.pasted",
    "InviteForm.pasted",
}
#: compared, and kept nowhere
UNSEEN = {"leave_empty", "shown_at", "seen", "code"}


def form_classes() -> list[type[forms.BaseForm]]:
    for path in [*APPS.glob("*/forms.py"), *APPS.glob("*/forms/*.py")]:
        import_module(".".join(path.relative_to(APPS.parent).with_suffix("").parts).removesuffix(".__init__"))
    waiting, found = [forms.BaseForm], []
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if form.__module__.startswith("apps.") and ".forms" in form.__module__:
            found.append(form)
    return found


def test_typed_text_is_cleaned() -> None:
    boxes = (forms.TextInput, forms.Textarea)
    found = {
        f"{form.__name__}.{name}"
        for form in form_classes()
        for name, field in getattr(form, "base_fields", {}).items()
        if type(field) is forms.CharField and type(field.widget) in boxes and name not in UNSEEN
    }
    assert len(form_classes()) > 25, "a search that finds nothing would pass"
    assert found - PLAIN == set()


def test_a_direction_override_does_not_stay_in_titles_and_statements() -> None:
    from apps.dashboard.forms import PositionForm
    from apps.letters.forms import LetterForm

    for form, name in ((LetterForm, "title"), (PositionForm, "statement"), (PositionForm, "note")):
        assert form.base_fields[name].clean("Rivers \u202eevil\u2066") == "Rivers evil"
