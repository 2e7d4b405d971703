"""What will happen when the settings of a letter that is open for signature are changed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from apps.core.language_names import language_name
from apps.core.times import reader_time, written_day
from apps.core.types import Label

from ..models import SignOnCall
from ..models.sign_on_fields import OPTIONAL
from ..selectors.calls import kind_counts
from .sign_on_labels import MODERATION, WHO


@dataclass(frozen=True)
class CallEffect:
    """A setting that changes, as it is and as it will be, and what follows."""

    label: str
    before: str
    after: str
    consequences: list[str]


def call_effects(call: SignOnCall, settings: dict[str, Any]) -> list[CallEffect]:
    """`settings` as `sign_on_call_change` takes them; empty where nothing changes."""
    changed = {name for name, value in settings.items() if getattr(call, name) != value}
    if "languages" in changed and _offered(call, settings["languages"]) == call.offered_languages:
        changed.discard("languages")
    return [EFFECTS[name](call, settings[name]) for name in EFFECTS if name in changed]


def _who(call: SignOnCall, who: str) -> CallEffect:
    numbers = kind_counts(call)
    left_out = {SignOnCall.Who.ORGANISATIONS: "person", SignOnCall.Who.PEOPLE: "organisation"}.get(SignOnCall.Who(who))
    consequences = [_("Signatures that are confirmed stay.")]
    if left_out == "person":
        pending = numbers.get(("person", "pending"), 0)
        consequences.append(_("The form no longer takes people."))
        if pending:
            consequences.append(
                ngettext(
                    "%(n)d person who has not confirmed yet no longer can.",
                    "%(n)d people who have not confirmed yet no longer can.",
                    pending,
                )
                % {"n": pending}
            )
    elif left_out == "organisation":
        pending = numbers.get(("organisation", "pending"), 0)
        consequences.append(_("The form no longer takes organisations."))
        if pending:
            consequences.append(
                ngettext(
                    "%(n)d organisation that has not confirmed yet no longer can.",
                    "%(n)d organisations that have not confirmed yet no longer can.",
                    pending,
                )
                % {"n": pending}
            )
    return CallEffect(_("Who may sign"), _label(WHO, call.who), _label(WHO, who), consequences)


def _moderation(call: SignOnCall, moderation: str) -> CallEffect:
    waiting = sum(n for (_kind, state), n in kind_counts(call).items() if state in {"waiting", "asked", "held"})
    words: dict[str, str] = {
        SignOnCall.Moderation.ALL: _("Names of new signatures appear only after a moderator has accepted them."),
        SignOnCall.Moderation.FREE_MAIL: _(
            "Names of new signatures appear at once, except from addresses that anybody can get."
        ),
        SignOnCall.Moderation.NONE: _("Names of new signatures appear at once, without a check."),
    }
    consequences = [words[moderation], _("Names that are shown now stay.")]
    if waiting:
        consequences.append(
            ngettext(
                "%(n)d signature that waits for a moderator still waits.",
                "%(n)d signatures that wait for a moderator still wait.",
                waiting,
            )
            % {"n": waiting}
        )
    label = _("A moderator checks before a name appears")
    return CallEffect(label, _label(MODERATION, call.moderation), _label(MODERATION, moderation), consequences)


def _languages(call: SignOnCall, languages: list[str]) -> CallEffect:
    before, after = call.offered_languages, _offered(call, languages)
    consequences = [
        _("The public page no longer offers the text in this language: %(language)s.")
        % {"language": language_name(code)}
        for code in before
        if code not in after
    ]
    consequences += [
        _("The public page also offers the text in this language: %(language)s.") % {"language": language_name(code)}
        for code in after
        if code not in before
    ]
    consequences.append(_("Signers have still signed the version with all its texts."))
    return CallEffect(
        _("Languages"), _joined(map(language_name, before)), _joined(map(language_name, after)), consequences
    )


def _unasked_fields(call: SignOnCall, unasked: list[str]) -> CallEffect:
    def asked(left_out: list[str]) -> str:
        return _joined(str(field.label) for name, field in OPTIONAL.items() if name not in left_out)

    consequences = [_("The form changes at once.")]
    if {*unasked} - {*call.unasked_fields}:
        consequences.append(_("What signers entered in a field that is left out stays with their signatures."))
    return CallEffect(_("What the form asks"), asked(call.unasked_fields), asked(unasked), consequences)


def _embargo(call: SignOnCall, until: datetime | None) -> CallEffect:
    def shown(moment: datetime | None) -> str:
        return reader_time(moment, call.campaign) if moment is not None else _("when signing opens")

    after = until or call.opens_at
    if after <= timezone.now():
        consequence = _("Everybody can see the page and sign at once. You cannot hide it again.")
    else:
        consequence = _("Everybody can see the page from %(when)s on.") % {"when": reader_time(after, call.campaign)}
    return CallEffect(_("The page appears"), shown(call.embargo_until), shown(until), [consequence])


def _deliver_on(call: SignOnCall, day: date | None) -> CallEffect:
    def shown(on: date | None) -> str:
        return written_day(on) if on is not None else pgettext("day of delivery", "not said")

    changed = SignOnCall(campaign=call.campaign, closes_at=call.closes_at, deliver_on=day)
    consequences = [
        _("The public page says so. Sending is authorised separately."),
        _("Personal data is deleted after %(day)s.") % {"day": written_day(changed.personal_data_until)},
    ]
    return CallEffect(_("The letter goes to governments on"), shown(call.deliver_on), shown(day), consequences)


EFFECTS: dict[str, Callable[[SignOnCall, Any], CallEffect]] = {
    "who": _who,
    "moderation": _moderation,
    "languages": _languages,
    "unasked_fields": _unasked_fields,
    "embargo_until": _embargo,
    "deliver_on": _deliver_on,
}


def _offered(call: SignOnCall, languages: list[str]) -> list[str]:
    return [code for code in call.version.subjects if not languages or code in languages]


def _without(codes: list[str], others: list[str]) -> list[str]:
    return [code for code in codes if code not in others]


def _label(choices: Sequence[tuple[str, Label]], value: str) -> str:
    return next(str(label) for choice, label in choices if choice == value)


def _joined(words: Iterable[str]) -> str:
    return ", ".join(words) or pgettext("settings", "none")
