"""What waits in the signatures of a campaign."""

from datetime import timedelta

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Permission
from apps.core.registries import ActionItem, ActionSource
from apps.core.text import first_names

from ..models import SignOn, VersionReplacement
from ..selectors.version_replacements import campaign_proposals


def _to_check(member: TeamMember) -> QuerySet[SignOn]:
    return SignOn.objects.filter(campaign=member.campaign).to_moderate().order_by()


def _proposed(member: TeamMember) -> QuerySet[VersionReplacement]:
    return campaign_proposals(member.campaign)


def signatures_to_check(member: TeamMember) -> ActionItem | None:
    """One key for all: there may be thousands, and every one of them is reason enough for the mail of the day."""
    found = _to_check(member).aggregate(n=Count("pk"), since=Min("created_at"))
    if not found["n"]:
        return None
    headline = ngettext("%(n)d signature waits for a check", "%(n)d signatures wait for a check", found["n"])
    url = reverse("sign_on:moderate", args=[member.campaign.slug]) if member.may(Permission.MODERATE) else ""
    return ActionItem(
        "idle", "pen", pgettext("verb", "Check"), headline % {"n": found["n"]}, "", found["since"], url,
        _("Check signatures"), count=found["n"], keys=("all",),
    )  # fmt: skip


def versions_to_agree_to(member: TeamMember) -> ActionItem | None:
    """New versions that wait for a second person: nobody is told of, or counts, those they proposed themselves."""
    waiting = list(_proposed(member))
    others = [proposal for proposal in waiting if proposal.proposed_by_id != member.user_id]
    found = others or waiting
    if not found:
        return None
    headline = ngettext(
        "%(n)d new version waits for a second person", "%(n)d new versions wait for a second person", len(found)
    )
    titles = first_names((proposal.letter.title for proposal in found), most=4)
    url = reverse("sign_on:replacement", args=[member.campaign.slug, found[0].pk])
    return ActionItem(
        "warn", "half", pgettext("to a new version", "Agree"), headline % {"n": len(found)}, titles,
        found[0].proposed_at, url, _("Read what changed"), count=len(others),
        keys=tuple(str(proposal.pk) for proposal in others),
    )  # fmt: skip


SOURCES = {
    "new_versions": ActionSource(
        gettext_lazy("New versions wait for a second person"), Permission.REVIEW, versions_to_agree_to,
        section="sign_on", rows=_proposed,
    ),
    "signatures": ActionSource(
        gettext_lazy("Signatures wait for a check"), Permission.MODERATE, signatures_to_check,
        section="sign_on", rows=_to_check, again=timedelta(days=1),
    ),
}  # fmt: skip
