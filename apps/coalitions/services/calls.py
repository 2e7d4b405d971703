"""Opening and closing a letter for signature, and hiding all names at once."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError
from apps.core.page_cache import pages_drop
from apps.letters.models import Letter, LetterVersion

from ..models import SignOnCall


class RunningCall(Conflict):
    default_message = _("This letter is already open for signature. Close that first.")


class NewerVersion(Conflict):
    def __init__(self, number: int) -> None:
        message = _("Version %(number)s has been frozen since. Open that one: older versions can no longer be signed.")
        super().__init__(message % {"number": number})


def sign_on_call_open(
    *,
    version: LetterVersion,
    actor: User,
    opens_at: datetime | None,
    closes_at: datetime,
    deliver_on: date | None = None,
    who: str = SignOnCall.Who.BOTH,
    moderated: bool = True,
) -> SignOnCall:
    """Open a frozen version for signature, now if `opens_at` is None. An earlier call of the letter that is over is
    closed; names that were hidden stay hidden. Raises RunningCall, NewerVersion, DomainError."""
    now = timezone.now()
    opens_at = opens_at or now
    _check_times(now, opens_at, closes_at, deliver_on)
    with transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=version.letter_id)
        newest = letter.versions.order_by("-number").values_list("number", flat=True)[0]
        if newest != version.number:
            raise NewerVersion(newest)
        earlier = SignOnCall.objects.filter(letter=letter)
        earlier.filter(closed_at__isnull=True, closes_at__lte=now).update(closed_at=now, updated_at=now)
        hidden = earlier.filter(names_hidden_at__isnull=False).order_by("id").first()
        try:
            with transaction.atomic():
                call = SignOnCall.objects.create(
                    campaign_id=letter.campaign_id, letter=letter, version=version, opens_at=opens_at,
                    closes_at=closes_at, deliver_on=deliver_on, who=who, moderated=moderated, opened_by=actor,
                    names_hidden_at=hidden.names_hidden_at if hidden else None,
                )  # fmt: skip
        except IntegrityError:
            raise RunningCall from None
        audit_record(
            verb="sign_on_call.open", subject=call, actor=actor, version=version.number, sha256=version.sha256,
            opens_at=opens_at.isoformat(), closes_at=closes_at.isoformat(), who=who, moderated=moderated,
        )  # fmt: skip
        public_cache_clear(letter.pk)
    return call


def _check_times(now: datetime, opens_at: datetime, closes_at: datetime, deliver_on: date | None) -> None:
    field, message = "closes_at", None
    if closes_at <= now:
        message = _("This time has passed. Choose a later time.")
    elif closes_at <= opens_at:
        message = _("Signing would close before it opens. Choose a later time.")
    elif deliver_on is not None and deliver_on < closes_at.date():
        field, message = "deliver_on", _("The letter would leave before signing closes. Choose a later day.")
    if message is not None:
        raise DomainError(message, field=field)


@transaction.atomic
def sign_on_call_close(*, call: SignOnCall, actor: User) -> SignOnCall:
    """Close the letter for signature. Idempotent."""
    call = SignOnCall.objects.select_for_update().get(pk=call.pk)
    if call.closed_at is None:
        call.closed_at = timezone.now()
        call.save(update_fields=["closed_at", "updated_at"])
        audit_record(verb="sign_on_call.close", subject=call, actor=actor)
        public_cache_clear(call.letter_id)
    return call


def names_hide(*, call: SignOnCall, actor: User) -> int:
    """Remove all names of the letter from pages, exports and annexes; counts stay. Returns how many calls changed."""
    return _names_switch(call=call, actor=actor, hidden_at=timezone.now())


def names_show(*, call: SignOnCall, actor: User) -> int:
    return _names_switch(call=call, actor=actor, hidden_at=None)


@transaction.atomic
def _names_switch(*, call: SignOnCall, actor: User, hidden_at: datetime | None) -> int:
    calls = SignOnCall.objects.select_for_update().filter(
        letter_id=call.letter_id, names_hidden_at__isnull=hidden_at is not None
    )
    changed = calls.update(names_hidden_at=hidden_at, updated_at=timezone.now())
    if changed:
        audit_record(verb="names.hide" if hidden_at else "names.show", subject=call, actor=actor, calls=changed)
        public_cache_clear(call.letter_id)
    return changed


def public_cache_clear(letter_id: int) -> None:
    """Let nobody see public pages from before, on commit."""
    pages_drop()
