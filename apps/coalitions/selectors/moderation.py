"""What moderators see: who waits, and what can be said about each without asking anybody."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Permission

from ..domains import mail_domain, mail_is_free, mail_speaks_for
from ..models import SignOn

#: names at least this much alike are pointed out (0 to 1)
ALIKE = 0.8
#: others of a country that a name is compared with
COMPARED = 2000


@dataclass(frozen=True)
class Check:
    """Something seen about a signature: a glyph, a tone (ok, warn, bad, idle), few words and a sentence."""

    glyph: str
    tone: str
    short: str
    sentence: str


def sign_ons_in(campaign: Campaign, *, state: str = "", call_id: int | None = None) -> QuerySet[SignOn]:
    """The campaign's signatures, newest first. `state` is one of SignOn.State, "waiting", or "" for all."""
    found = SignOn.objects.filter(campaign=campaign).select_related("call", "letter", "version", "moderated_by")
    if call_id is not None:
        found = found.filter(call_id=call_id)
    if state == "waiting":
        return found.waiting()
    return found.filter(state=state) if state else found


def queue_of(campaign: Campaign) -> QuerySet[SignOn]:
    """Who waits for a moderator: confirmed and not looked at, or suspect. Who waits longest comes first."""
    waiting = Q(state=SignOn.State.CONFIRMED, moderation=SignOn.Moderation.WAITING, call__moderated=True)
    found = SignOn.objects.filter(campaign=campaign).filter(waiting | Q(state=SignOn.State.SUSPECT))
    return found.select_related("call", "letter", "version").order_by("created_at", "id")


def sign_on_in(campaign: Campaign, sign_on_id: int) -> SignOn:
    """One signature of the campaign. Raises Http404, for another campaign's too."""
    found = SignOn.objects.filter(campaign=campaign, pk=sign_on_id)
    sign_on = found.select_related("campaign", "call", "letter", "version", "organisation", "moderated_by").first()
    if sign_on is None:
        raise Http404
    return sign_on


def names_seen_by(place: TeamMember, sign_ons: Iterable[SignOn]) -> dict[int, str]:
    """{id: name} as this person may see it: names that are not public only with the right to see contact data."""
    if place.may(Permission.SEE_CONTACTS):
        return {sign_on.pk: sign_on.own_name or _("(deleted)") for sign_on in sign_ons}
    rows = list(sign_ons)
    public = set(SignOn.objects.filter(pk__in=[row.pk for row in rows]).named_publicly().values_list("pk", flat=True))
    return {row.pk: row.shown_name if row.pk in public else _("(not public)") for row in rows}


def checks_of(sign_on: SignOn) -> list[Check]:
    """What we see, what needs attention first."""
    found = [*_suspicion(sign_on), *_likeness(sign_on), *_address(sign_on), *_confirmation(sign_on)]
    order = ["bad", "warn", "idle", "ok"]
    return sorted(found, key=lambda check: order.index(check.tone))


def _suspicion(sign_on: SignOn) -> list[Check]:
    if sign_on.state != SignOn.State.SUSPECT:
        return []
    return [
        Check(
            "flag", "bad", _("Suspect"),
            _("A field that people do not see was filled in. No mail has gone out; let it through if it looks real."),
        )
    ]  # fmt: skip


def _likeness(sign_on: SignOn) -> list[Check]:
    other, share = _most_alike(sign_on)
    if other is None:
        return []
    values = {"name": other.org_name, "share": round(share * 100)}
    return [
        Check(
            "half", "warn", _("Like %(name)s") % values,
            _("Much like %(name)s, which also signed from this country: the names are %(share)s %% alike.") % values,
        )
    ]  # fmt: skip


def _most_alike(sign_on: SignOn) -> tuple[SignOn | None, float]:
    """The confirmed organisation of the same country whose name is most like this one's, from ALIKE upwards."""
    if sign_on.kind != SignOn.Kind.ORGANISATION or not sign_on.name_key:
        return None, 0.0
    others: Any = SignOn.objects.confirmed().filter(
        letter_id=sign_on.letter_id, kind=SignOn.Kind.ORGANISATION, country=sign_on.country
    )
    best: tuple[SignOn | None, float] = (None, 0.0)
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(sign_on.name_key)
    for other in others.exclude(pk=sign_on.pk).order_by("id")[:COMPARED]:
        matcher.set_seq1(other.name_key)
        least = max(ALIKE, best[1])
        if matcher.quick_ratio() >= least and (share := matcher.ratio()) >= least:
            best = (other, share)
    return best


def _address(sign_on: SignOn) -> list[Check]:
    if sign_on.kind == SignOn.Kind.PERSON or not sign_on.email:
        return []
    values = {"domain": mail_domain(sign_on.email)}
    if mail_speaks_for(sign_on.email, sign_on.org_website):
        return [Check("ok", "ok", _("Domain matches"), _("The mail domain is that of the website."))]
    if mail_is_free(sign_on.email):
        sentence = _("Anybody can have an address at %(domain)s: it says nothing about the organisation.") % values
        return [Check("warn", "warn", _("Free mail"), sentence)]
    if not sign_on.org_website:
        sentence = _("There is no website to compare %(domain)s with.") % values
        return [Check("ring", "idle", _("No website"), sentence)]
    sentence = _("The address is at %(domain)s, which is not the website's domain.") % values
    return [Check("warn", "warn", _("Other domain"), sentence)]


def _confirmation(sign_on: SignOn) -> list[Check]:
    found = []
    if sign_on.authority_verified and not mail_speaks_for(sign_on.email, sign_on.org_website):
        found.append(Check("ok", "ok", _("Authority verified"), _("A moderator verified that they may sign for it.")))
    if sign_on.confirmed_at is not None:
        minutes = int((sign_on.confirmed_at - sign_on.created_at).total_seconds() // 60)
        sentence = _("Confirmed from its own address, %(minutes)s minutes after the form was sent.")
        found.append(Check("ok", "ok", _("Confirmed"), sentence % {"minutes": minutes}))
    return found
