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
