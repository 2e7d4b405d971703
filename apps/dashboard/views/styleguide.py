"""The style guide: every component of the look, with made-up rows."""

from datetime import UTC, datetime

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.campaigns.access import SignedInRequest, team_page
from apps.core.registries import TimelineEntry

from ..pages.stance_chart import stance_chart

#: stance → how many, as in the pictures of the look
STANCES = {"opposes": 43, "undecided": 41, "supports": 40, "joined": 19, "none": 21}


class SampleForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Organisation"), help_text=gettext_lazy("In its own script."))
    address = forms.EmailField(label=gettext_lazy("Email address"))
    website = forms.CharField(label=gettext_lazy("Website"), required=False)
    country = forms.ChoiceField(
        label=gettext_lazy("Country"), choices=[("FR", gettext_lazy("France")), ("TG", gettext_lazy("Togo"))]
    )
    visibility = forms.ChoiceField(
        label=gettext_lazy("Who may see the name"),
        widget=forms.RadioSelect,
        choices=[("public", gettext_lazy("Everybody")), ("counted", gettext_lazy("Nobody: count only"))],
    )
    mails = forms.BooleanField(label=gettext_lazy("Tell me what the governments answer"), required=False)
    note = forms.CharField(
        label=pgettext_lazy("remark", "Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )


@team_page
def styleguide(request: SignedInRequest) -> HttpResponse:
    """?lang= and ?theme= apply to this one answer."""
    language, theme = request.GET.get("lang", ""), request.GET.get("theme", "")
    context = {
        "form": SampleForm(auto_id="good_%s", initial={"name": "Coopérative des maraîchères de la Lama"}),
        "wrong": SampleForm({"name": "", "address": "afi.mensah", "country": "KE"}, auto_id="wrong_%s"),
        "roll": stance_chart(stance for stance, number in STANCES.items() for _each in range(number)),
        "timeline": _timeline(),
        "digest": "9f2c41ab7be0c3d15a6e8f90b1c2d3e4f5061728394a5b6c7d8e9f0a1b2c3d4e",
        "theme": theme if theme in {"dark", "light"} else "",
    }
    if language not in dict(settings.LANGUAGES):
        language = translation.get_language() or "en"
    with translation.override(language):
        return render(request, "dashboard/styleguide.html", context)


def _timeline() -> list[TimelineEntry]:
    day = datetime(2017, 12, 4, 10, 51, tzinfo=UTC)
    return [
        TimelineEntry(day.replace(day=8), "clock", "ink", _("Follow-up: send the study"), _("Promised."), due=True),
        TimelineEntry(
            day.replace(day=6), "reply", "ink", _("Reply, first office"),
            quote=_("We have received the letter with interest."),
        ),
        TimelineEntry(day, "bounce", "bad", _("Bounced, second office"), _("No such address."), code="550 5.1.1"),
        TimelineEntry(day, "sent", "ok", _("Sent, first office"), _("Letter 1.")),
    ]  # fmt: skip
