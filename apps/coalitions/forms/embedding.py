"""The sites that may embed a letter."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import TextField
from apps.core.web_origins import https_origin

#: all stand in a header of each answer
MOST_SITES = 50


class EmbedOriginsForm(forms.Form):
    origins = TextField(
        label=_("Sites that may show the letter"), max_length=8000, rows=4, required=False,
        help_text=_("One address on each line, such as https://www.name.org. With and without www. are two sites."),
    )  # fmt: skip

    def clean_origins(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["origins"].splitlines() if line.strip()]
        found = {line: https_origin(line) for line in lines}
        wrong = ", ".join(line for line, origin in found.items() if not origin)
        if wrong:
            message = _("Enter addresses that begin with https:// and name one site each, not: %(lines)s")
            raise ValidationError(message % {"lines": wrong})
        if len(found) > MOST_SITES:
            raise ValidationError(_("Enter at most %(most)s sites.") % {"most": MOST_SITES})
        return list(dict.fromkeys(found.values()))
