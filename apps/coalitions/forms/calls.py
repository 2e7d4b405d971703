"""The form that opens a letter for signature."""

from datetime import date, datetime, time
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.forms import ModelChoiceField
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.core.form_fields import DayField
from apps.letters.models import LetterVersion

from ..models import SignOnCall
from ..pages.sign_on_labels import WHO
from ..selectors.calls import versions_to_open

CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class CallForm(forms.Form):
    version = forms.ModelChoiceField(
        label=_("Letter and version"), queryset=LetterVersion.objects.none(), empty_label=None,
        help_text=_("The latest version of each letter that is not open for signature."),
    )  # fmt: skip
    opens_day = DayField(label=_("Opens on"), required=False, help_text=_("Leave empty to open it now."))
    opens_time = forms.TimeField(label=_("at"), required=False, widget=CLOCK)
    closes_day = DayField(label=_("Closes on"))
    closes_time = forms.TimeField(label=_("at"), widget=CLOCK, initial=time(23, 59))
    deliver_on = DayField(
        label=_("The letter goes to governments on"), required=False,
        help_text=_("Shown on the public page. Sending is authorised separately."),
    )  # fmt: skip
    who = forms.ChoiceField(label=_("Who may sign"), choices=WHO, initial=SignOnCall.Who.BOTH)
    moderated = forms.BooleanField(
        label=_("A moderator checks each signature before its name appears"), required=False, initial=True,
        help_text=_("Until then it is counted without its name."),
    )  # fmt: skip

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(campaign.time_zone)
        cast("ModelChoiceField[LetterVersion]", self.fields["version"]).queryset = versions_to_open(campaign)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["closes_at"] = self._moment("closes")
        if cleaned.get("opens_time") and not cleaned.get("opens_day") and not self.has_error("opens_day"):
            self.add_error("opens_day", _("Enter the day too, or leave both empty to open now."))
        cleaned["opens_at"] = self._moment("opens")
        return cleaned

    def call_values(self) -> dict[str, Any]:
        """Arguments of `sign_on_call_open`. Only after `is_valid()`."""
        names = ("version", "opens_at", "closes_at", "deliver_on", "who", "moderated")
        return {name: self.cleaned_data[name] for name in names}

    def _moment(self, which: str) -> datetime | None:
        """The day and time in the campaign's time zone. A time that daylight saving skips is refused."""
        day: date | None = self.cleaned_data.get(f"{which}_day")
        clock: time | None = self.cleaned_data.get(f"{which}_time")
        if day is None or (clock is None and which == "closes"):
            return None
        local = datetime.combine(day, clock or time(0, 0), self.zone)
        if local.astimezone(ZoneInfo("UTC")).astimezone(self.zone).replace(tzinfo=None) != local.replace(tzinfo=None):
            self.add_error(f"{which}_time", _("The clocks go forward and skip this time. Choose another."))
            return None
        return local
