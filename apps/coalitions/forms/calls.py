"""The form that opens a letter for signature."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.letters.models import LetterVersion

from ..models import SignOnCall
from ..pages.labels import WHO
from ..selectors.calls import versions_to_open

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class CallForm(forms.Form):
    """Times are meant in the campaign's zone."""

    version: "forms.ModelChoiceField[LetterVersion]" = forms.ModelChoiceField(
        label=_("Letter and version"), queryset=None, empty_label=None,
        help_text=_("The newest frozen version of each letter that has no call running."),
    )  # fmt: skip
    opens_day = forms.DateField(
        label=_("Opens on"), required=False, widget=DAY, help_text=_("Empty: at once, when you press the button.")
    )
    opens_time = forms.TimeField(label=_("at"), required=False, widget=CLOCK)
    closes_day = forms.DateField(label=_("Closes on"), widget=DAY)
    closes_time = forms.TimeField(label=_("at"), widget=CLOCK, initial=time(23, 59))
    deliver_on = forms.DateField(
        label=_("The letter goes to governments on"), required=False, widget=DAY,
        help_text=_("Said on the public page. Sending is authorised apart."),
    )  # fmt: skip
    who = forms.ChoiceField(label=_("Who may sign"), choices=WHO, initial=SignOnCall.Who.BOTH)
    moderated = forms.BooleanField(
        label=_("A person looks at each signature before its name appears"), required=False, initial=True,
        help_text=_("Until then it is counted, but not named."),
    )  # fmt: skip

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(campaign.time_zone)
        versions: Any = self.fields["version"]
        versions.queryset = versions_to_open(campaign)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["closes_at"] = self._moment("closes")
        if cleaned.get("opens_time") and not cleaned.get("opens_day") and not self.has_error("opens_day"):
            self.add_error("opens_day", _("Give the day as well, or leave both empty to open at once."))
        cleaned["opens_at"] = self._moment("opens")
        return cleaned

    def _moment(self, which: str) -> datetime | None:
        """The day and time typed, in the campaign's zone; a time that the clocks skip that night is refused."""
        day: date | None = self.cleaned_data.get(f"{which}_day")
        clock: time | None = self.cleaned_data.get(f"{which}_time")
        if day is None or (clock is None and which == "closes"):
            return None
        local = datetime.combine(day, clock or time(0, 0), self.zone)
        if local.astimezone(ZoneInfo("UTC")).astimezone(self.zone).replace(tzinfo=None) != local.replace(tzinfo=None):
            self.add_error(f"{which}_time", _("The clocks are put forward over this time. Choose another."))
            return None
        return local
