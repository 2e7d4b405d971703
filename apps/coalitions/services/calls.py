"""Opening a letter for signature, changing how it is signed, and hiding all names at once."""

from copy import copy
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import DomainError
from apps.core.optimistic_locking import apply_changes
from apps.core.signals import names_hidden
from apps.core.types import JsonObject
from apps.core.web_origins import https_origin
from apps.letters.models import Letter, LetterVersion

from ..models import SignOnCall
from ..models.sign_on_fields import OPTIONAL
from ..selectors.calls import call_to_replace
from .closing_times import call_ended_on_time, call_locked, check_delivery_day, check_newest
from .exceptions import RunningCall, SignedBefore
from .lock_order import calls_lock
from .public_cache import public_cache_clear


class CallSettings(TypedDict, total=False):
    """What can be changed while a letter is open. `languages`: those offered, all if empty; `unasked_fields`: names in
    OPTIONAL that the form leaves out; `embed_origins`: sites that may show the letter (https_origin)."""

    embargo_until: datetime | None
    deliver_on: date | None
    who: str
    moderation: str
    languages: list[str]
    unasked_fields: list[str]
    embed_origins: list[str]


@transaction.atomic
def sign_on_call_open(
    *,
    version: LetterVersion,
    actor: User,
    opens_at: datetime | None,
    closes_at: datetime,
    **settings: Unpack[CallSettings],
) -> SignOnCall:
    """Open a frozen version for signature, now if `opens_at` is None. An earlier call of the letter that is over is
    closed; names that were hidden stay hidden, and the sites that may embed the letter stay. Raises RunningCall,
    NewerVersion, SignedBefore, DomainError."""
    now = timezone.now()
    letter = Letter.objects.select_for_update(no_key=True).get(pk=version.letter_id)
    call = SignOnCall(
        campaign_id=letter.campaign_id, letter=letter, version=version, opens_at=opens_at or now, closes_at=closes_at,
        opened_by=actor, **settings,
    )  # fmt: skip
    check_times(opens_at=call.opens_at, closes_at=closes_at, now=now)
    check_delivery_day(call.deliver_on, closes_at, call.campaign.time_zone)
    _check_settings(call)
    check_newest(letter, version)
    earlier = SignOnCall.objects.filter(letter=letter)
    replaced = call_to_replace(letter, version)
    if replaced is not None:
        raise SignedBefore(replaced.version.number)
    for over in (
        earlier.filter(closed_at__isnull=True, closes_at__lte=now).order_by("pk").select_for_update(no_key=True)
    ):
        call_ended_on_time(call=over)
    hidden = earlier.filter(names_hidden_at__isnull=False).order_by("id").first()
    same_text = earlier.filter(version=version).order_by("id").last()
    call.corrected_versions = same_text.corrected_versions if same_text is not None else []
    call.names_hidden_at = hidden.names_hidden_at if hidden else None
    last = earlier.order_by("opens_at", "id").last()
    call.embed_origins = last.embed_origins if last else []
    try:
        with transaction.atomic():
            call.save()
    except IntegrityError:
        raise RunningCall from None
    audit_record(
        verb="sign_on_call.open", subject=call, actor=actor, version=version.number, sha256=version.sha256,
        opens_at=call.opens_at.isoformat(), closes_at=closes_at.isoformat(), **_recorded(call),
    )  # fmt: skip
    public_cache_clear(letter.pk)
    return call


@transaction.atomic
def sign_on_call_change(*, call: SignOnCall, actor: User, seen: str, **settings: Unpack[CallSettings]) -> SignOnCall:
    """Change how the letter is signed from now on. `seen` is the `call_fingerprint` of what the form showed. Raises
    CallChanged, DomainError."""
    call = call_locked(call, seen)
    before = _recorded(call)
    changed = _settings_apply(call, settings)
    if not changed:
        return call
    call.save()
    pairs: JsonObject = {name: [before[name], after] for name, after in _recorded(call).items() if name in changed}
    audit_record(verb="sign_on_call.change", subject=call, actor=actor, **pairs)
    public_cache_clear(call.letter_id)
    return call


def check_changed(call: SignOnCall, **settings: Unpack[CallSettings]) -> None:
    """Raises DomainError for settings that cannot be. Nothing is changed."""
    _settings_apply(copy(call), settings)


def _settings_apply(call: SignOnCall, settings: CallSettings) -> list[str]:
    was_embargoed = call.embargoed_until
    changed = list(apply_changes(call, settings))
    if changed:
        if "embargo_until" in changed and was_embargoed is None:
            raise DomainError(_("Everybody can see the page already."), field="embargo_until")
        vars(call).pop("offered_languages", None)
        _check_settings(call)
        check_delivery_day(call.deliver_on, call.closes_at, call.campaign.time_zone)
    return changed


def _recorded(call: SignOnCall) -> JsonObject:
    """What the record says of the settings."""
    return {
        "embargo_until": call.embargo_until.isoformat() if call.embargo_until else None,
        "deliver_on": call.deliver_on.isoformat() if call.deliver_on else None,
        "who": call.who,
        "moderation": call.moderation,
        "languages": call.languages,
        "unasked_fields": call.unasked_fields,
        "embed_origins": call.embed_origins,
    }


def check_times(*, opens_at: datetime, closes_at: datetime, now: datetime) -> None:
    """Raises DomainError for a time at which signing cannot close."""
    message = None
    if closes_at <= now:
        message = _("This time has passed. Choose a later time.")
    elif closes_at <= opens_at:
        message = _("Signing would close before it opens. Choose a later time.")
    if message is not None:
        raise DomainError(message, field="closes_at")


def _check_settings(call: SignOnCall) -> None:
    if call.embargo_until is not None and call.embargo_until >= call.closes_at:
        message = _("Nobody could sign before the letter closes. Choose an earlier time.")
        raise DomainError(message, field="embargo_until")
    if unknown := {*call.unasked_fields} - OPTIONAL.keys():
        raise KeyError(", ".join(sorted(unknown)))
    if any(https_origin(origin) != origin for origin in call.embed_origins):
        raise ValueError(f"not all of them are origins: {call.embed_origins}")
    if not call.offered_languages:
        raise DomainError(_("This version has no text in that language. Choose another."), field="languages")


def names_hide(*, call: SignOnCall, actor: User) -> int:
    """Remove all names of the letter from pages, exports and annexes; counts stay. Returns how many calls changed."""
    return _names_switch(call=call, actor=actor, hidden_at=timezone.now())


def names_show(*, call: SignOnCall, actor: User) -> int:
    return _names_switch(call=call, actor=actor, hidden_at=None)


@transaction.atomic
def _names_switch(*, call: SignOnCall, actor: User, hidden_at: datetime | None) -> int:
    calls_lock(call.letter_id)
    calls = SignOnCall.objects.filter(letter_id=call.letter_id, names_hidden_at__isnull=hidden_at is not None)
    changed = calls.update(names_hidden_at=hidden_at, updated_at=timezone.now())
    if changed:
        audit_record(verb="names.hide" if hidden_at else "names.show", subject=call, actor=actor, calls=changed)
        public_cache_clear(call.letter_id)
    if changed and hidden_at:
        names_hidden.send(SignOnCall, letter_id=call.letter_id)
    return changed
