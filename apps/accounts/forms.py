"""Forms of accounts."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


def time_zones() -> list[tuple[str, str]]:
    """Places by which time zones are named, UTC first, without the old aliases that name no place."""
    places = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in places)]


class ProfileForm(forms.Form):
    """How a person is named, and in which language and time zone they read."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("Your team sees it, and the record of who did what.")
    )
    language = forms.ChoiceField(label=_("Language of the pages"))
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("For times on staff pages. Deadlines also name the campaign's own place.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]  # known only at run time
        self.fields["time_zone"].choices = time_zones()  # type: ignore[attr-defined]
