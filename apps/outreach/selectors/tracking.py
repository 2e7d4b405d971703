"""Mail to sort, next steps, and contacts by other ways than mailings."""

from collections.abc import Collection
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Permission
from apps.campaigns.selectors import has_permission
from apps.governments.models import Member
from apps.letters.selectors.letters import drafter_limits
from apps.postbox.inbound.classification import MailKind
from apps.postbox.models import InboundMail

from ..models import Delivery, FollowUp, MailTriage, Reply, ReplyPosition, SentAnswer, Touch
from .dispatches import campaign_mails

#: labels of mail that nobody has to answer
NO_ANSWER_NEEDED = [MailTriage.Label.ACKNOWLEDGEMENT, MailTriage.Label.OUT_OF_OFFICE, MailTriage.Label.CAPTCHA]
#: filters of the inbox, in their order
SHOWS = ("all", "unassigned", "mine", "to_answer", "automatic")


def may_track(user: User, campaign: Campaign, member: Member | None) -> bool:
    """Whether the person may record something about this government, and say what its mails are: drafters may be
    limited to some. Of mail that belongs to none so far (None), only who is not limited."""
    limits = drafter_limits(user, campaign)
    return has_permission(campaign, user, Permission.TRACK) and (
        limits is None or (member is not None and member.pk in limits)
    )


def inbox_mails(campaign: Campaign) -> QuerySet[InboundMail]:
    """The campaign's incoming mails without their text, newest first."""
    wanted = campaign_mails(campaign).values("pk")
    return (
        InboundMail.objects.filter(pk__in=wanted)
        .exclude(kind="duplicate")
        .select_related(
            "triage__assignee", "reply__member", "message__delivery__member",
            "message__sent_answer__delivery__member", "message__delivery__recipient__office",
        )
        .defer(
            "raw", "text", "message__text_body", "message__html_body", "message__subject",
            "message__delivery__envelope", "message__sent_answer__delivery__envelope",
        )
        .annotate(was_answered=Exists(SentAnswer.objects.filter(mail=OuterRef("pk"))))
        .order_by("-received_at", "-pk")
    )  # fmt: skip


def inbox_condition(show: str, user: User) -> Q:
    """Of `inbox_mails`, for a key of SHOWS."""
    answers = Q(kind=MailKind.REPLY)
    open_yet = Q(triage=None) | Q(triage__closed_at=None)
    unlabelled = Q(triage=None) | ~Q(triage__label__in=NO_ANSWER_NEEDED)
    return {
        "all": Q(),
        "unassigned": answers & open_yet & unlabelled & Q(triage__assignee=None) & Q(was_answered=False),
        "mine": Q(triage__assignee=user) & Q(triage__closed_at=None),
        "to_answer": answers & open_yet & unlabelled & Q(was_answered=False),
        "automatic": ~answers,
    }[show]


def answers_unassigned(campaign: Campaign) -> QuerySet[InboundMail]:
    """Answers that nobody looks after, the oldest first: "unassigned" of `inbox_condition`, without joins, for every
    page of staff asks for their number."""
    of_letters = Delivery.objects.filter(message=OuterRef("message"), dispatch__campaign=campaign)
    of_answers = SentAnswer.objects.filter(message=OuterRef("message"), campaign=campaign)
    looked_after = Q(assignee__isnull=False) | Q(closed_at__isnull=False) | Q(label__in=NO_ANSWER_NEEDED)
    return InboundMail.objects.filter(
        Exists(Reply.objects.filter(mail=OuterRef("pk"), campaign=campaign)) | Exists(of_letters) | Exists(of_answers),
        ~Exists(MailTriage.objects.filter(looked_after, mail=OuterRef("pk"))),
        ~Exists(SentAnswer.objects.filter(mail=OuterRef("pk"))),
        kind=MailKind.REPLY,
    ).order_by("received_at", "pk")


def possible_assignees(campaign: Campaign) -> QuerySet[User]:
    """The campaign's active team, by name."""
    active = TeamMember.objects.filter(campaign=campaign, state=TeamMember.State.ACTIVE, user__is_active=True)
    return User.objects.filter(pk__in=active.values("user")).order_by("name", "pk")


def campaign_touches(campaign: Campaign) -> QuerySet[Touch]:
    """Contacts that stand, newest first, without files."""
    rows = Touch.objects.filter(campaign=campaign, withdrawn_at=None)
    return rows.select_related("member", "recorded_by").order_by("-on", "-pk")


def campaign_follow_ups(campaign: Campaign) -> QuerySet[FollowUp]:
    """The next due first."""
    rows = FollowUp.objects.filter(campaign=campaign)
    return rows.select_related("member", "assignee", "done_by").order_by("due_on", "pk")


def follow_ups_due(campaign: Campaign, user: User | None = None, *, on: date | None = None) -> QuerySet[FollowUp]:
    """Open ones due by that day (today, in the campaign's time zone). With a person: theirs, and those of nobody."""
    rows = campaign_follow_ups(campaign).filter(done_at=None, due_on__lte=on or campaign_today(campaign))
    return rows if user is None else rows.filter(Q(assignee=user) | Q(assignee=None))


def campaign_today(campaign: Campaign) -> date:
    return timezone.localdate(timezone=ZoneInfo(campaign.time_zone))


def reply_of_positions(ids: Collection[int]) -> dict[int, int]:
    """{id of a position: id of the answer that it was recorded from}"""
    return dict(ReplyPosition.objects.filter(position__in=ids).values_list("position", "reply"))
