"""What a browser does with a form before it sends it."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
FORM = re.compile(r'<form\b[^>]*method="post".*?</form>', re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_a_required_field_in_a_fold_stops_no_other_button(path: Path) -> None:
    """A browser refuses to send a form while a required field in a closed fold is empty, and shows nothing."""
    for form in FORM.findall(path.read_text()):
        if "<details" in form and "as_field_group" in form:
            assert "novalidate" in form
