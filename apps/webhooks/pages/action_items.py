"""Webhooks that have stopped."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Permission
from apps.core.registries import ActionItem, ActionSource, Timing

from ..models import Endpoint
from ..selectors import endpoints_stopped


def _stopped(member: TeamMember) -> QuerySet[Endpoint]:
    return endpoints_stopped(member.campaign)


def webhooks_stopped(member: TeamMember) -> ActionItem | None:
    found = list(_stopped(member))
    if not found:
        return None
    headline = ngettext(
        "%(n)d webhook is paused because nothing arrives", "%(n)d webhooks are paused because nothing arrives",
        len(found),
    )  # fmt: skip
    first = found[0]
    return ActionItem(
        "bad", "bad", pgettext("webhook", "Stopped"), headline % {"n": len(found)}, first.name, first.paused_at,
        reverse("webhook_endpoints:endpoint", args=[member.campaign.slug, first.pk]), _("Look at it"), count=len(found),
        keys=tuple(f"{row.pk}:{row.paused_at:%Y%m%d%H%M}" for row in found),
    )  # fmt: skip


SOURCES = {
    "webhooks_stopped": ActionSource(
        gettext_lazy("A webhook has stopped"), Permission.MANAGE, webhooks_stopped, section="team", rows=_stopped,
        timing=Timing.NOW,
    ),
}  # fmt: skip
