"""Opening and closing a call, and the one button that hides all names."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError
from apps.letters.models import Letter, LetterVersion

from ..models import SignOnCall
from ..selectors.counts import public_cache_key


class RunningCall(Conflict):
    """A letter is open for signature once at a time."""

    def __init__(self) -> None:
        super().__init__(_("This letter is already open for signature. Close that call first, then open the next."))


class NewerVersion(Conflict):
    def __init__(self, number: int) -> None:
        super().__init__(
            _("Version %(number)s was frozen since. Open the call for that one; older texts are not signed any more.")
            % {"number": number}
        )


def sign_on_call_open(
    *,
    version: LetterVersion,
    actor: Any,
    opens_at: datetime | None,
    closes_at: datetime,
    deliver_on: date | None = None,
    who: str = SignOnCall.Who.BOTH,
    moderated: bool = True,
) -> SignOnCall:
    """Open a frozen version for signature. `opens_at` None is now; times are aware.

    A call of the letter whose time is over is closed on the way. Names stay hidden where they were hidden before.
    Raises RunningCall, NewerVersion, past_date.
    """
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
    if closes_at <= now:
        raise DomainError(
            _("This time is over. Signing closes at a time to come."), field="closes_at", code="past_date"
        )
    if closes_at <= opens_at:
        raise DomainError(
            _("Signing would close before it opens. Choose a later time."), field="closes_at", code="past_date"
        )
    if deliver_on is not None and deliver_on < closes_at.date():
        raise DomainError(
            _("The letter would leave before signing closes. Choose that day or a later one."),
            field="deliver_on",
            code="past_date",
        )


@transaction.atomic
def sign_on_call_close(*, call: SignOnCall, actor: Any) -> SignOnCall:
    """Close a call before, or after, its time. A call that is closed stays as it is."""
    call = SignOnCall.objects.select_for_update().get(pk=call.pk)
    if call.closed_at is None:
        call.closed_at = timezone.now()
        call.save(update_fields=["closed_at", "updated_at"])
        audit_record(verb="sign_on_call.close", subject=call, actor=actor)
        public_cache_clear(call.letter_id)
    return call


def names_hide(*, call: SignOnCall, actor: Any) -> int:
    """Take every name of the letter from all lists at once: public pages, exports, annexes. Counts stay.
    Returns the number of calls that changed (earlier calls of the letter are included)."""
    return _names_switch(call=call, actor=actor, hidden_at=timezone.now())


def names_show(*, call: SignOnCall, actor: Any) -> int:
    """Undo `names_hide`; everybody's own choice of visibility holds again."""
    return _names_switch(call=call, actor=actor, hidden_at=None)


@transaction.atomic
def _names_switch(*, call: SignOnCall, actor: Any, hidden_at: datetime | None) -> int:
    calls = SignOnCall.objects.select_for_update().filter(
        letter_id=call.letter_id, names_hidden_at__isnull=hidden_at is not None
    )
    changed = calls.update(names_hidden_at=hidden_at, updated_at=timezone.now())
    if changed:
        audit_record(verb="names.hide" if hidden_at else "names.show", subject=call, actor=actor, calls=changed)
        public_cache_clear(call.letter_id)
    return changed


def public_cache_clear(letter_id: int) -> None:
    """Drop the cached counts and lists of a letter when the transaction commits. If the cache does not answer, public
    pages are out of date for a minute at most."""
    transaction.on_commit(lambda: _cache_delete(letter_id))


def _cache_delete(letter_id: int) -> None:
    with suppress(RedisError):
        cache.delete_many([public_cache_key("counts", letter_id), public_cache_key("roll", letter_id)])
