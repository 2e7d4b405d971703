"""What the address of a page asks for: a day, and the filters of the directory."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.campaigns.access import StaffRequest
from apps.governments.selectors import reference_day

from ..forms import DayForm
from ..selectors import Asked


@dataclass(frozen=True)
class ShownDay:
    """The day a page shows. `usual` is the campaign's own, which needs no word in the address."""

    day: date
    usual: date
    today: date
    wrong: str = ""

    @property
    def context(self) -> dict[str, Any]:
        """For templates: `shown`, `day`, and `on`, which links carry on (empty on the usual day)."""
        return {"shown": self, "day": self.day, "on": "" if self.day == self.usual else self.day.isoformat()}


def shown_day(request: StaffRequest) -> ShownDay:
    """The day of ?on=2017-12-13; the campaign's own where none is given, or none that can be shown."""
    usual = reference_day(request.campaign)
    today = timezone.localdate(timezone=ZoneInfo(request.campaign.time_zone))
    said = request.GET.get("on", "").strip()[:20]
    if not said:
        return ShownDay(usual, usual, today)
    form = DayForm({"on": said})
    if not form.is_valid():
        return ShownDay(usual, usual, today, _("“%(said)s” is no day. Write it as 2017-12-13.") % {"said": said})
    if form.cleaned_data["on"] > today:
        return ShownDay(usual, usual, today, _("That day is still to come. Ask for today or an earlier one."))
    return ShownDay(form.cleaned_data["on"], usual, today)


def asked_of(request: StaffRequest) -> Asked:
    """The filters and the order that stand in the address."""
    return Asked(**{field.name: request.GET.get(field.name, "")[:80] for field in fields(Asked)})
