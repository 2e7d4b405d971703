"""What waits in the signatures of a campaign."""

from datetime import timedelta

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Permission
from apps.core.registries import ActionItem, ActionSource

from ..models import SignOn


def signatures_to_check(member: TeamMember) -> ActionItem | None:
    """One key for all: there may be thousands, and every one of them is reason enough for the mail of the day."""
    rows = SignOn.objects.filter(campaign=member.campaign).to_moderate().order_by()
    found = rows.aggregate(n=Count("pk"), since=Min("created_at"))
    if not found["n"]:
        return None
    headline = ngettext("%(n)d signature waits for a check", "%(n)d signatures wait for a check", found["n"])
    url = reverse("sign_on:moderate", args=[member.campaign.slug]) if member.may(Permission.MODERATE) else ""
    return ActionItem(
        "idle", "pen", pgettext("verb", "Check"), headline % {"n": found["n"]}, "", found["since"], url,
        _("Check signatures"), count=found["n"], keys=("all",),
    )  # fmt: skip


SOURCES = {
    "signatures": ActionSource(
        gettext_lazy("Signatures wait for a check"), Permission.MODERATE, signatures_to_check,
        section="sign_on", again=timedelta(days=1),
    ),
}  # fmt: skip
