"""A moment has one spelling: `moment` and `reader_time` for staff, `campaign_time` in public (apps/core/times.py)."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
#: values of forms and attributes. Readers get the filters `day` and `month`, in the way of their language
FORMATS = {"Y-m-d"}


def test_templates_write_days_in_full_and_no_moment_themselves() -> None:
    """A timeline once said "29 Nov 2026 07:43" where the letter's page said "29 November 2026, 07:43 in Geneva"."""
    found: dict[str, set[str]] = {}
    for path in TEMPLATES.rglob("*.*"):
        for of, form in re.findall(r"([\w.]+)\|(?:utc\|)?date:['\"]([^'\"]*)", path.read_text(encoding="utf-8")):
            found.setdefault("a moment" if re.search(r"_at$|timestamp", of) else form, set()).add(path.name)
    assert set(found) == FORMATS, found


#: names of rows for developers, inputs of forms, files, what programs read, and the languages of letters
CODE = {
    "api/serializers/dispatch_bodies.py", "api/serializers/outreach.py", "api/serializers/tracking.py",
    "api/serializers/tracking_bodies.py",
    "coalitions/forms/calls.py", "coalitions/models/annexes.py", "coalitions/models/email_addresses.py",
    "core/models.py",
    "core/times.py", "core/languages/base.py", "exports/models.py", "exports/datasets/base.py",
    "postbox/models/inbound.py", "postbox/models/messages.py",
}  # fmt: skip


def test_no_page_or_service_formats_a_moment_itself() -> None:
    """A mailing once said "29 Nov, 06:37 UTC" to a reader in Lagos, under a head in her own zone."""
    apps = TEMPLATES.parent / "apps"
    found = {
        path.relative_to(apps).as_posix()
        for path in apps.rglob("*.py")
        if "tests" not in path.parts and "migrations" not in path.parts
        if re.search(r"%H:%M|H:i", path.read_text(encoding="utf-8"))
    }
    assert found == CODE
