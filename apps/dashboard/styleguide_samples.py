"""What the style guide shows: made-up rows for every component."""

from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from apps.core.registries import TimelineEntry

from .forms import SpecimenForm
from .pages import stance_roll

#: stance → how many, as in the pictures of the look
ROLL = {"opposes": 43, "undecided": 41, "supports": 40, "joined": 19, "none": 21}


def specimens(posted: Any = None) -> dict[str, Any]:
    """Context of templates/dashboard/styleguide.html."""
    wrong = SpecimenForm({"name": "", "address": "afi.mensah", "country": "KE"}, auto_id="wrong_%s")
    return {
        "form": SpecimenForm(auto_id="good_%s", initial={"name": "Coopérative des maraîchères de la Lama"}),
        "wrong": wrong,
        "roll": stance_roll(stance for stance, number in ROLL.items() for _each in range(number)),
        "timeline": _timeline(),
        "digest": "9f2c41ab7be0c3d15a6e8f90b1c2d3e4f5061728394a5b6c7d8e9f0a1b2c3d4e",
    }


def _timeline() -> list[TimelineEntry]:
    return [
        TimelineEntry(
            datetime(2017, 12, 8, tzinfo=UTC), "clock", "ink", _("Follow-up: send the study"), _("Promised."), due=True
        ),
        TimelineEntry(
            datetime(2017, 12, 6, 7, 12, tzinfo=UTC), "reply", "ink", _("Reply, trade ministry"),
            quote=_("We have received the letter with interest."),
        ),
        TimelineEntry(
            datetime(2017, 12, 4, 10, 52, tzinfo=UTC), "bounce", "bad", _("Bounced, Geneva mission"),
            _("No such address."), code="550 5.1.1",
        ),
        TimelineEntry(datetime(2017, 12, 4, 10, 51, tzinfo=UTC), "sent", "ok", _("Sent, capital"), _("Letter 1.")),
    ]  # fmt: skip
