"""What stays too long in one state, for the overview and for mail: one table of limits."""

from datetime import timedelta

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Permission
from apps.core.registries import ActionItem, ActionSource
from apps.core.text import first_names
from apps.postbox.models import InboundMail, MessageState

from ..models import Delivery, FollowUp
from ..selectors.tracking import answers_unassigned, campaign_today, follow_ups_due

#: what → after how long somebody should look
TOO_LONG_AFTER = {
    "letter in doubt": timedelta(days=1),
    "mailing not authorised": timedelta(days=2),
    "letter with a worker": timedelta(minutes=30),
    "answer unassigned": timedelta(days=3),
}


def _follow_ups(member: TeamMember) -> QuerySet[FollowUp]:
    return follow_ups_due(member.campaign)


def _answers_left(member: TeamMember) -> QuerySet[InboundMail]:
    return answers_unassigned(member.campaign).filter(
        received_at__lt=timezone.now() - TOO_LONG_AFTER["answer unassigned"]
    )


def _letters_stuck(member: TeamMember) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        dispatch__campaign=member.campaign, message__state__in=MessageState.IN_PROGRESS,
        message__updated_at__lt=timezone.now() - TOO_LONG_AFTER["letter with a worker"],
    )  # fmt: skip


def follow_ups_waiting(member: TeamMember) -> ActionItem | None:
    """Next steps that are due. Told and counted for whom they are, or for all where nobody has them."""
    found = list(_follow_ups(member))
    if not found:
        return None
    today = campaign_today(member.campaign)
    mine = [row for row in found if row.assignee_id in {member.user_id, None}]
    headline = ngettext("%(n)d next step is due", "%(n)d next steps are due", len(found)) % {"n": len(found)}
    overdue = found[0].due_on < today
    url = reverse("dashboard:government", args=[member.campaign.slug, found[0].member.code]) if len(found) == 1 else ""
    return ActionItem(
        "bad" if overdue else "warn", "clock",
        pgettext("next steps", "Overdue") if overdue else pgettext("next steps", "Due"), headline,
        first_names((row.member.name for row in found), most=4), None,
        url or reverse("outreach:follow_ups", args=[member.campaign.slug]), _("See the next steps"), count=len(mine),
        keys=tuple(f"{row.pk}:{row.due_on}" for row in mine),
    )  # fmt: skip


def answers_left(member: TeamMember) -> ActionItem | None:
    """Answers of governments that nobody has looked after for days."""
    found = list(_answers_left(member).values_list("pk", "received_at"))
    if not found:
        return None
    headline = ngettext("Nobody looks after %(n)d answer", "Nobody looks after %(n)d answers", len(found))
    return ActionItem(
        "bad", "reply", pgettext("answers", "Not looked after"), headline % {"n": len(found)}, "", found[0][1],
        reverse("outreach:inbox", args=[member.campaign.slug]) + "?show=unassigned", _("Open the emails"),
        count=len(found), keys=tuple(str(pk) for pk, _at in found),
    )  # fmt: skip


def letters_stuck(member: TeamMember) -> ActionItem | None:
    """Letters that a worker took and neither sent nor gave back."""
    found = list(
        _letters_stuck(member).select_related("member").annotate(since=F("message__updated_at")).order_by("since")
    )
    if not found:
        return None
    headline = ngettext(
        "%(n)d letter is stuck while being sent", "%(n)d letters are stuck while being sent", len(found)
    )
    first = found[0]
    return ActionItem(
        "bad", "clock", pgettext("letters", "Stuck"), headline % {"n": len(found)},
        first_names((row.member.name for row in found), most=4), first.since,
        reverse("outreach:delivery", args=[member.campaign.slug, first.dispatch_id, first.pk]), _("Open the letter"),
        count=len(found), keys=tuple(str(row.pk) for row in found),
    )  # fmt: skip


ALARMS = {
    "letters_stuck": ActionSource(
        gettext_lazy("Letters are stuck while being sent"),
        Permission.PREPARE,
        letters_stuck,
        section="outreach",
        rows=_letters_stuck,
    ),
    "answers_left": ActionSource(
        gettext_lazy("Nobody looks after an answer"),
        Permission.TRACK,
        answers_left,
        section="outreach",
        rows=_answers_left,
    ),
    "follow_ups": ActionSource(
        gettext_lazy("A next step is due"), Permission.TRACK, follow_ups_waiting, section="outreach", rows=_follow_ups
    ),
}
