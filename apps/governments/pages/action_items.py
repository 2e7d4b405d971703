"""What waits in the recipients of a campaign."""

from django.db.models import Min, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Permission
from apps.core.registries import ActionItem, ActionSource

from ..models import Correction
from ..selectors import corrections_waiting


def _waiting(member: TeamMember) -> QuerySet[Correction]:
    return corrections_waiting(member.campaign)


def corrections_to_check(member: TeamMember) -> ActionItem | None:
    rows = _waiting(member)
    keys = tuple(str(pk) for pk in rows.values_list("pk", flat=True))
    if not keys:
        return None
    headline = ngettext(
        "%(n)d correction of a recipient is proposed", "%(n)d corrections of recipients are proposed", len(keys)
    )
    may = member.may(Permission.SEE_CONTACTS)
    url = reverse("recipients:corrections", args=[member.campaign.slug]) if may else ""
    return ActionItem(
        "idle", "pen", pgettext("verb", "Correct"), headline % {"n": len(keys)}, "",
        rows.aggregate(since=Min("created_at"))["since"], url, _("Check corrections"), count=len(keys), keys=keys,
    )  # fmt: skip


SOURCES = {
    "corrections": ActionSource(
        gettext_lazy("A correction of a recipient is proposed"),
        Permission.SEE_CONTACTS,
        corrections_to_check,
        section="governments",
        rows=_waiting,
    ),
}
