"""What waits in the exports of a campaign."""

from datetime import timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Permission
from apps.core.registries import ActionItem, ActionSource, Timing

from ..models import Export
from ..selectors import exports_ready, exports_to_agree


def _to_agree(member: TeamMember) -> QuerySet[Export]:
    return exports_to_agree(member.campaign, member.user)


def _ready(member: TeamMember) -> QuerySet[Export]:
    return exports_ready(member.campaign, member.user)


def exports_waiting(member: TeamMember) -> ActionItem | None:
    found = list(_to_agree(member))
    if not found:
        return None
    headline = ngettext(
        "%(n)d export with contact data waits for a second person",
        "%(n)d exports with contact data wait for a second person", len(found),
    )  # fmt: skip
    return ActionItem(
        "warn", "clock", pgettext("exports", "Waiting"), headline % {"n": len(found)}, found[0].asked_by.name,
        found[0].created_at, _address(member, found[0]), _("Look at it"), count=len(found),
        keys=tuple(str(row.pk) for row in found),
    )  # fmt: skip


def files_ready(member: TeamMember) -> ActionItem | None:
    found = list(_ready(member).order_by("id"))
    if not found:
        return None
    headline = ngettext("%(n)d export is ready to download", "%(n)d exports are ready to download", len(found))
    return ActionItem(
        "idle", "ok", pgettext("exports", "Ready"), headline % {"n": len(found)}, "", found[0].finished_at,
        _address(member, found[0]), _("Download it"), count=len(found), keys=tuple(str(row.pk) for row in found),
    )  # fmt: skip


def _address(member: TeamMember, export: Export) -> str:
    return reverse("exports:export", args=[member.campaign.slug, export.pk])


SOURCES = {
    "exports_waiting": ActionSource(
        gettext_lazy("An export waits for your agreement"), Permission.MODERATE, exports_waiting, section="exports",
        rows=_to_agree, timing=Timing.NOW, again=timedelta(days=1),
    ),
    "exports_ready": ActionSource(
        gettext_lazy("An export of yours is ready"), Permission.EXPORT, files_ready, section="exports", rows=_ready,
        timing=Timing.NOW,
    ),
}  # fmt: skip
