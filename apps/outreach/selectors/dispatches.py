"""Mailings, their letters and answers, and what remains to do."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOnCall
from apps.coalitions.selectors.annexes import annex_outdated
from apps.coalitions.selectors.calls import newest_calls
from apps.coalitions.selectors.version_replacements import version_is_replaced
from apps.governments.models import RecipientAddress
from apps.governments.selectors import merged_ids
from apps.letters.models import LetterVersion
from apps.postbox.models import InboundMail, Message, MessageEvent, MessageState

from ..models import Delivery, Dispatch, Exclusion, Reply, SentAnswer
from ..sending_terms import LATEST_START
from .dispatch_criteria import Criteria, stances_held_back
from .dispatch_plan import once_key
from .mail_conditions import arrived, came_back
from .unanswered import answer_status

#: where a mailing has no limit
MOST_AT_ONCE = 1_000_000
#: events of incoming mail that is not an answer
REPORTS = ("complained", "forwarding_failed", "delayed", "delivered")

#: why a letter was called back that is made anew
NAMES_HIDDEN = "Names were hidden. The letter is made anew without them."
PAUSED = "The mailing was paused. The letter is made anew when it is resumed."
CALLED_BACK = [NAMES_HIDDEN, PAUSED]


@dataclass(frozen=True)
class ReadyVersion:
    """A frozen version without a mailing, and the sign-on that collected its signatures."""

    version: LetterVersion
    call: SignOnCall | None

    @property
    def deliver_on(self) -> date | None:
        return self.call.deliver_on if self.call else None


def campaign_dispatches(campaign: Campaign) -> QuerySet[Dispatch]:
    return (
        Dispatch.objects.filter(campaign=campaign)
        .select_related(
            "letter", "version", "prepared_by", "authorised_by", "paused_by", "annex", "addendum", "campaign"
        )
        .order_by("-id")
    )


def deliveries_waiting(limit: int, *, held: bool = False) -> list[Delivery]:
    """Letters of authorised mailings whose time has come, without a message; those tried last come last, and copies
    after the letter. While all sending is `held`, no scheduled mailing begins."""
    waiting = Delivery.objects.filter(message=None, dispatch__state=Dispatch.State.AUTHORISED)
    unmade = Q(is_copy=True, copy_of__isnull=False, copy_of__message=None)
    scheduled = Q(dispatch__send_at__isnull=False) if held else Q(dispatch__send_at__gt=timezone.now())
    full = [
        row.pk
        for row in Dispatch.objects.filter(state=Dispatch.State.AUTHORISED, per_hour__isnull=False)
        if letters_allowed(row) <= 0
    ]
    waiting = waiting.exclude(unmade).exclude(scheduled).exclude(dispatch__in=full)
    return list(_with_everything(waiting).order_by("updated_at", "pk")[:limit])


def letters_allowed(dispatch: Dispatch) -> int:
    """How many more letters may be queued now, so that no more than `per_hour` leave in any hour. Those that wait for
    their domain's limit take the places of no others."""
    if dispatch.per_hour is None:
        return MOST_AT_ONCE
    hour = timedelta(hours=1)
    soon = Q(message__state__in=["queued", "claimed", "final"], message__next_at__lte=timezone.now() + hour)
    just = Q(message__accepted_at__gt=timezone.now() - hour)
    doubtful = Q(message__state=MessageState.IN_DOUBT, message__updated_at__gt=timezone.now() - hour)
    waiting = dispatch.deliveries.filter(soon).order_by().values_list("message__to_domain").annotate(Count("pk"))
    most = dispatch.per_domain or MOST_AT_ONCE
    leave_soon = sum(min(n, most) for _domain, n in waiting)
    return dispatch.per_hour - leave_soon - dispatch.deliveries.filter(just | doubtful).count()


def missed_schedules() -> QuerySet[Dispatch]:
    """Authorised mailings whose time passed LATEST_START ago without a letter in the queue."""
    begun = Delivery.objects.filter(dispatch=OuterRef("pk"), message__isnull=False)
    late = timezone.now() - LATEST_START
    return Dispatch.objects.filter(~Exists(begun), state=Dispatch.State.AUTHORISED, send_at__lt=late)


def planned_letters(dispatch: Dispatch) -> list[Delivery]:
    """As `dispatch_deliveries`, with whether each address is suppressed at hand."""
    letters = list(dispatch_deliveries(dispatch))
    addresses = RecipientAddress.objects.with_suppressed().filter(pk__in=[letter.address_id for letter in letters])
    known = {address.pk: address for address in addresses}
    for letter in letters:
        letter.address = known[letter.address_id]
    return letters


def dispatch_deliveries(dispatch: Dispatch) -> QuerySet[Delivery]:
    """The letters of a mailing, by government."""
    return _with_everything(dispatch.deliveries.all()).order_by("member__sort_en", "pk")


def _with_everything(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """All that pages show; `last_report` is the kind of the last report about the letter, or None."""
    reports = MessageEvent.objects.filter(message=OuterRef("message"), kind__in=REPORTS, corrected=False)
    return rows.annotate(last_report=Subquery(reports.order_by("-occurred_at").values("kind")[:1])).select_related(
        "dispatch__campaign", "dispatch__letter", "dispatch__version", "dispatch__annex", "dispatch__addendum__version",
        "member", "recipient__office__member", "address", "edition", "message",
    )  # fmt: skip


def has_begun(dispatch: Dispatch) -> bool:
    """Whether a letter has left, or may have."""
    return Delivery.objects.filter(dispatch=dispatch, message__state__in=MessageState.MAY_HAVE_LEFT).exists()


def has_ended(dispatch: Dispatch) -> bool:
    """Whether every letter has a finished message, and none is to be made anew."""
    return not _unfinished().filter(dispatch=dispatch).exists()


def any_has_ended() -> bool:
    """Whether a mailing that is being sent has."""
    sending = Dispatch.objects.filter(state=Dispatch.State.AUTHORISED)
    return sending.exclude(Exists(_unfinished().filter(dispatch=OuterRef("pk")))).exists()


def _unfinished() -> QuerySet[Delivery]:
    remade = Q(message__state=MessageState.CANCELLED, message__cancel_reason__in=CALLED_BACK)
    return Delivery.objects.filter(Q(message=None) | Q(message__state__in=MessageState.OPEN) | remade)


def letters_unsent(dispatch: Dispatch) -> QuerySet[Delivery]:
    """Letters that a paused mailing would still send; copies follow the letter that they are of."""
    called_back = Q(message__state=MessageState.CANCELLED, message__cancel_reason__in=CALLED_BACK)
    rows = dispatch.deliveries.filter(Q(message=None) | called_back, is_copy=False)
    return rows.select_related("recipient__office__member", "address", "edition")


def annex_changed(dispatch: Dispatch) -> bool:
    """Whether an authorised mailing needs a new list of signatories; not once letters have left. An addendum stays as
    it is, and prints names that were removed as such."""
    if dispatch.annex is None or dispatch.addendum_id is not None:
        return False
    return not has_begun(dispatch) and annex_outdated(dispatch.annex)


def text_replaced(dispatch: Dispatch) -> bool:
    """Whether another version took the place of this one for signature; not once letters have left."""
    return dispatch.addendum_id is None and not has_begun(dispatch) and version_is_replaced(dispatch.version_id)


def unusable(delivery: Delivery) -> str:
    """Why a planned letter can no longer go (the address, the recipient, or an answer); "" if it can."""
    if delivery.address.health == RecipientAddress.Health.BOUNCED:
        return Exclusion.Reason.BOUNCED
    if delivery.address.health == RecipientAddress.Health.RETIRED:
        return Exclusion.Reason.NO_ADDRESS
    if delivery.address.suppressed:
        return Exclusion.Reason.SUPPRESSED
    if not delivery.recipient.active:
        return Exclusion.Reason.NO_RECIPIENT
    if _merged_row_has_it(delivery):
        return Exclusion.Reason.ALREADY_SENT
    if _is_held_back(delivery):
        return Exclusion.Reason.STANCE_CHANGED
    return Exclusion.Reason.ANSWERED if _has_answered(delivery) else ""


def _is_held_back(delivery: Delivery) -> bool:
    dispatch = delivery.dispatch
    if dispatch.addendum_id is not None:
        return False
    changed = stances_held_back(dispatch.version, dispatch.campaign, Criteria.of(dispatch.criteria))
    return bool(changed) and delivery.member.code in changed


def _has_answered(delivery: Delivery) -> bool:
    """Whether the mailing is for governments that have not answered, and this one has."""
    since = Criteria.of(delivery.dispatch.criteria).unanswered
    return bool(since) and delivery.member_id in answer_status(delivery.dispatch.campaign, since).answered


def _merged_row_has_it(delivery: Delivery) -> bool:
    """Whether a row merged into this recipient since planning gets the letter."""
    merged = merged_ids([delivery.recipient]).get(delivery.recipient_id, ())
    keys = [once_key(delivery.dispatch.letter_id, pk, delivery.dispatch.addendum_id) for pk in merged]
    return bool(keys) and Message.objects.filter(once_key__in=keys).exclude(state__in=MessageState.DEAD).exists()


def campaign_deliveries(campaign: Campaign) -> QuerySet[Delivery]:
    return _with_everything(Delivery.objects.filter(dispatch__campaign=campaign)).select_related(
        "recipient__office__member", "pdf"
    )


def linked_delivery(token_hash: str) -> Delivery | None:
    """The letter whose mail has the link with this token."""
    rows = Delivery.objects.filter(pdf_token_hash=token_hash) if token_hash else Delivery.objects.none()
    return _with_everything(rows).select_related("recipient__office__member", "pdf").first()


def names_removed(dispatch: Dispatch) -> bool:
    """Whether the list that was sent, or the addendum, has names that may no longer be shown."""
    annex = dispatch.addendum or dispatch.annex
    return annex is not None and annex_outdated(annex)


def campaign_replies(campaign: Campaign) -> QuerySet[Reply]:
    """Replies, automatic ones included, newest first."""
    replies = Reply.objects.filter(campaign=campaign).select_related(
        "member", "mail", "delivery__message", "delivery__dispatch__letter", "delivery__recipient__office"
    )
    return replies.defer("mail__raw")


def campaign_mails(campaign: Campaign) -> QuerySet[InboundMail]:
    """Incoming mails about the campaign's letters."""
    about_a_letter = (
        Q(message__delivery__dispatch__campaign=campaign)
        | Q(message__sent_answer__campaign=campaign)
        | Q(reply__campaign=campaign)
    )
    return InboundMail.objects.filter(about_a_letter).select_related("message__delivery", "reply")


def mail_delivery(mail: InboundMail) -> Delivery:
    """The letter that a mail of `campaign_mails` is about. Each way by itself: joined in one statement, PostgreSQL has
    taken eleven minutes over 500 letters."""
    about = Q(pk__in=Reply.objects.filter(mail=mail).values("delivery"))
    if mail.message_id:
        answered = SentAnswer.objects.filter(message=mail.message_id).values("delivery")
        about |= Q(message=mail.message_id) | Q(pk__in=answered)
    return _with_everything(Delivery.objects.all()).get(about)


def dispatch_summaries(campaign: Campaign) -> QuerySet[Dispatch]:
    """Mailings with `letters`, `accepted`, `bounced` and `answered` counted."""
    message = "deliveries__message"
    return campaign_dispatches(campaign).annotate(
        letters=Count("deliveries"),
        accepted=Count("deliveries", filter=arrived(message)),
        bounced=Count("deliveries", filter=came_back(message)),
        answered=Count("deliveries", filter=Q(deliveries__message__replied_at__isnull=False)),
    )


def versions_to_send(campaign: Campaign) -> QuerySet[LetterVersion]:
    """Every frozen version, newest letters first."""
    return (
        LetterVersion.objects.filter(letter__campaign=campaign)
        .select_related("letter__campaign")
        .order_by("-letter__number", "-number")
    )


def versions_ready(campaign: Campaign) -> list[ReadyVersion]:
    """The newest version of each letter without a mailing."""
    taken = Dispatch.objects.filter(campaign=campaign, state__in=["prepared", "authorised", "paused", "finished"])
    newest = list(
        LetterVersion.objects.filter(letter__campaign=campaign)
        .select_related("letter")
        .defer("evidence")
        .exclude(letter_id__in=taken.values("letter_id"))
        .order_by("letter_id", "-number")
        .distinct("letter_id")
    )
    calls = newest_calls([version.letter_id for version in newest], embargoed=True)
    return [ReadyVersion(version, calls.get(version.letter_id)) for version in newest]
