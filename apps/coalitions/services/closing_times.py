"""When signing ends: on time by itself, early, later than announced, or not yet after all."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Value
from django.db.models.functions import Greatest, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import DomainError
from apps.core.types import JsonObject
from apps.letters.models import Letter, LetterVersion

from ..models import CallChange, SignOn, SignOnCall, SignOnToken
from ..selectors.calls import call_fingerprint
from .exceptions import CallChanged, NewerVersion, ReopenedLater, RunningCall
from .lock_order import signing_lock
from .public_cache import public_cache_clear
from .submission import CONFIRM_WITHIN
from .team_mails import call_closed_tell

UNCONFIRMED = [SignOn.State.PENDING, SignOn.State.SUSPECT]


def call_locked(call: SignOnCall, seen: str | None = None) -> SignOnCall:
    """The row, locked, and no form is added meanwhile. Raises CallChanged where it is not as `seen`, its fingerprint,
    says."""
    signing_lock(call.letter_id)
    rows = SignOnCall.objects.select_for_update(of=("self",), no_key=True).select_related(
        "campaign", "letter", "version"
    )
    locked = rows.get(pk=call.pk)
    if seen is not None and seen != call_fingerprint(locked):
        raise CallChanged
    return locked


@transaction.atomic
def sign_on_call_reschedule(
    *, call: SignOnCall, actor: User, seen: str, closes_at: datetime, deliver_on: date | None
) -> SignOnCall:
    """Let signing end at another time, or open it again. Links to confirm work as long as that allows. `seen` is the
    `call_fingerprint` of what the page showed. Raises CallChanged, RunningCall, NewerVersion, ReopenedLater,
    DomainError."""
    signing_lock(call.letter_id)
    letter = Letter.objects.select_for_update(no_key=True).get(pk=call.letter_id)
    call = call_locked(call, seen)
    check_rescheduled(call, closes_at, deliver_on)
    check_newest(letter, call.version)
    kind, closed_before = change_kind(call, closes_at), call.ended_at or call.closes_at
    if kind is CallChange.Kind.REOPENED and letter.calls.order_by("opens_at", "id").last() != call:
        raise ReopenedLater
    delivered_before = call.deliver_on
    call.closes_at, call.closed_at, call.deliver_on = closes_at, None, deliver_on
    try:
        with transaction.atomic():
            call.save()
    except IntegrityError:
        raise RunningCall from None
    _links_limit(call)
    if kind is not None:
        CallChange.objects.create(
            call=call, kind=kind, at=timezone.now(), closed_before=closed_before, closes_after=closes_at
        )
    changed: dict[str, list[date | None]] = {
        "closes_at": [closed_before, closes_at], "deliver_on": [delivered_before, deliver_on]
    }  # fmt: skip
    data: JsonObject = {
        name: [at and at.isoformat() for at in pair] for name, pair in changed.items() if pair[0] != pair[1]
    }
    audit_record(
        verb="sign_on_call.reopen" if kind is CallChange.Kind.REOPENED else "sign_on_call.reschedule",
        subject=call,
        actor=actor,
        **data,
    )
    public_cache_clear(letter.pk)
    return call


def change_kind(call: SignOnCall, closes_at: datetime) -> CallChange.Kind | None:
    """What that closing time would be to the call; None if it is the same."""
    if call.ended_at is not None:
        return CallChange.Kind.REOPENED
    if closes_at == call.closes_at:
        return None
    return CallChange.Kind.EXTENDED if closes_at > call.closes_at else CallChange.Kind.SHORTENED


def check_rescheduled(call: SignOnCall, closes_at: datetime, deliver_on: date | None) -> None:
    """Raises DomainError for a time that cannot be."""
    message = None
    if closes_at <= timezone.now():
        message = _("This time has passed. Choose a later time, or close the letter now.")
    elif closes_at <= call.opens_at:
        message = _("Signing would close before it opens. Choose a later time.")
    elif call.embargo_until is not None and closes_at <= call.embargo_until:
        message = _("The page is hidden until then. Choose a later time.")
    if message is not None:
        raise DomainError(message, field="closes_at")
    check_delivery_day(deliver_on, closes_at, call.campaign.time_zone)


def check_delivery_day(deliver_on: date | None, closes_at: datetime, zone: str) -> None:
    """Raises DomainError for a day before the letter closes at that place."""
    if deliver_on is not None and deliver_on < closes_at.astimezone(ZoneInfo(zone)).date():
        message = _("The letter would be sent before signing closes. Choose a later day.")
        raise DomainError(message, field="deliver_on")


def check_newest(letter: Letter, version: LetterVersion) -> None:
    """Raises NewerVersion. The letter is locked by the caller."""
    newest = letter.versions.order_by("-number").values_list("number", flat=True)[0]
    if newest != version.number:
        raise NewerVersion(newest)


@transaction.atomic
def sign_on_call_close(*, call: SignOnCall, actor: User, seen: str | None = None) -> SignOnCall:
    """Close the letter for signature now. What is not confirmed can no longer be, and is deleted. Idempotent. Raises
    CallChanged."""
    call = call_locked(call)
    if call.ended_at is not None:
        return call
    if seen is not None and seen != call_fingerprint(call):
        raise CallChanged
    call.closed_at = timezone.now()
    call.save(update_fields=["closed_at", "updated_at"])
    _links_limit(call)
    CallChange.objects.create(
        call=call, kind=CallChange.Kind.CLOSED, at=call.closed_at, closed_before=call.closes_at,
        closes_after=call.closed_at,
    )  # fmt: skip
    audit_record(
        verb="sign_on_call.close",
        subject=call,
        actor=actor,
        closes_at=[at.isoformat() for at in (call.closes_at, call.closed_at)],
    )
    public_cache_clear(call.letter_id)
    return call


def calls_close_due() -> int:
    """Note the end of calls whose time is over, and tell the team. Nobody could sign since then, whether this runs or
    not. Idempotent. Returns how many."""
    due = SignOnCall.objects.filter(closed_at__isnull=True, closes_at__lte=timezone.now())
    return sum(_close_due(pk) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _close_due(pk: int) -> bool:
    due = SignOnCall.objects.filter(pk=pk, closed_at__isnull=True, closes_at__lte=timezone.now())
    call = due.select_for_update(of=("self",), no_key=True).select_related("campaign", "letter", "version").first()
    if call is None:
        return False
    call_ended_on_time(call=call)
    return True


def call_ended_on_time(*, call: SignOnCall) -> None:
    """Note the end of a locked call. In the caller's transaction."""
    call.closed_at = call.closes_at
    call.save(update_fields=["closed_at", "updated_at"])
    audit_record(verb="sign_on_call.close", subject=call)
    call_closed_tell(call=call)
    public_cache_clear(call.letter_id)


def _links_limit(call: SignOnCall) -> None:
    """Let the links to confirm work for as long as the call allows now. Those of signatures that the team entered work
    after that, too."""
    end = Value(call.ended_at or call.closes_at, output_field=DateTimeField())
    usual = ExpressionWrapper(F("created_at") + CONFIRM_WITHIN, output_field=DateTimeField())
    until = Least(Greatest(F("expires_at"), usual), end)
    pending = SignOn.objects.filter(call=call, state__in=UNCONFIRMED, collected=None)
    pending.update(expires_at=until)
    links = SignOnToken.objects.filter(sign_on__in=pending.values("pk"), purpose=SignOnToken.Purpose.CONFIRM)
    links.filter(used_at__isnull=True).update(expires_at=until)
