"""A moment has one spelling: `moment` and `reader_time` for staff, `campaign_time` in public (apps/core/times.py)."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
CLOCK = re.compile(r'\|date:"[^"]*H:i[^"]*"')
#: a timeline names its zone once, above its narrow column; these mails have no campaign, and say UTC
ALLOWED = {
    "dashboard/_timeline.html",
    "account/email/base_notification.txt",
    "accounts/email/second_factor_reset.txt",
}


def test_no_template_formats_a_moment_itself() -> None:
    pages = {path.relative_to(TEMPLATES).as_posix(): path for path in TEMPLATES.rglob("*") if path.is_file()}
    found = {name for name, path in pages.items() if CLOCK.search(path.read_text(encoding="utf-8"))}
    assert found >= ALLOWED, "a search that finds nothing would pass"
    assert found == ALLOWED


#: names of rows for developers, inputs of forms and files, sentences for operators in UTC, and the frozen annex
CODE = {
    "coalitions/forms/calls.py", "coalitions/models/annexes.py", "coalitions/models/sign_ons.py", "core/models.py",
    "core/times.py", "exports/models.py", "exports/selectors.py", "letters/rendering/composition.py",
    "postbox/models.py", "postbox/selectors/kill_switch.py", "postbox/services/transitions.py",
    "website/templatetags/website.py",
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
