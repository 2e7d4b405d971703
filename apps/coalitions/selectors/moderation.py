"""What moderators see: who waits, and what can be said about each without asking anybody."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Permission
from apps.core.similarity import most_similar

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
    #: the signature it speaks of
    other: int | None = None


def sign_ons_in(campaign: Campaign, *, state: str = "", call_id: int | None = None) -> QuerySet[SignOn]:
    """The campaign's signatures, newest first. `state` is one of SignOn.State, "waiting", or "" for all."""
    found = SignOn.objects.filter(campaign=campaign).select_related("call", "letter", "version", "moderated_by")
    if call_id is not None:
        found = found.filter(call_id=call_id)
    if state == "waiting":
        return found.waiting()
    return found.filter(state=state) if state else found


def queue_of(campaign: Campaign) -> QuerySet[SignOn]:
    """Who waits for a moderator: confirmed and not looked at, held, or suspect. Who waits longest comes first."""
    waiting = Q(state=SignOn.State.CONFIRMED, moderation=SignOn.Moderation.WAITING)
    aside = Q(state__in=[SignOn.State.HELD, SignOn.State.SUSPECT])
    found = SignOn.objects.filter(campaign=campaign).filter(waiting | aside)
    return found.select_related("call", "letter", "version", "organisation").order_by("created_at", "id")


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
    """What we see about one signature, what needs attention first."""
    return checks_for([sign_on])[sign_on.pk]


def checks_for(sign_ons: list[SignOn]) -> dict[int, list[Check]]:
    """{id: checks} for a page of signatures; names are read once per country."""
    rolls: dict[tuple[int, str], list[tuple[int, str, str]]] = {}
    order = ["bad", "warn", "idle", "ok"]
    held = [sign_on for sign_on in sign_ons if sign_on.held_back]
    twins = _twins(held) if held else {}
    found = {}
    for sign_on in sign_ons:
        place = (sign_on.letter_id, sign_on.country)
        if place not in rolls:
            rolls[place] = _names_of(*place)
        like = [_same(twins.get(sign_on.pk))] if sign_on.held_back else _likeness(sign_on, rolls[place])
        checks = [*_suspicion(sign_on), *like, *_address(sign_on), *_confirmation(sign_on)]
        found[sign_on.pk] = sorted(checks, key=lambda check: order.index(check.tone))
    return found


def _suspicion(sign_on: SignOn) -> list[Check]:
    if sign_on.state != SignOn.State.SUSPECT:
        return []
    sentence = _("A field that people do not see was filled in. No mail has gone out; let it through if it looks real.")
    return [Check("flag", "bad", _("Suspect"), sentence)]


def _names_of(letter_id: int, country: str) -> list[tuple[int, str, str]]:
    """(id, name, folded name) of the organisations of a country that are confirmed for the letter."""
    rows = SignOn.objects.confirmed().filter(letter_id=letter_id, country=country, kind=SignOn.Kind.ORGANISATION)
    return list(rows.order_by("-id").values_list("id", "org_name", "name_key")[:COMPARED])


def twin_of(sign_on: SignOn) -> SignOn | None:
    """The counted signature of the claimed organisation to the same letter, other than this one."""
    return _twins([sign_on]).get(sign_on.pk)


def _twins(sign_ons: list[SignOn]) -> dict[int, SignOn]:
    """{id: the counted signature of the organisation that the one with this id claims to be}, in one query."""
    wanted = {row.pk: (row.letter_id, row.country, row.name_key) for row in sign_ons}
    found = SignOn.objects.confirmed().filter(
        kind=SignOn.Kind.ORGANISATION,
        letter_id__in={row.letter_id for row in sign_ons},
        organisation__name_key__in={row.name_key for row in sign_ons},
    )
    found = found.annotate(key=F("organisation__name_key"), place=F("organisation__country"))
    twins = {(row.letter_id, row.place, row.key): row for row in found.select_related("letter").order_by("id")}  # type: ignore[attr-defined]  # annotated
    return {pk: twins[key] for pk, key in wanted.items() if key in twins and twins[key].pk != pk}


def _same(twin: SignOn | None) -> Check:
    if twin is None:
        sentence = _("It was held back, as the same organisation had signed. That signature does not stand any more.")
        return Check("flag", "warn", _("Held back"), sentence)
    sentence = _(
        "The same organisation has signed this letter, and its name is not public. Nobody has told this signer so. An "
        "organisation is counted once: reject one of the two. In a reason, do not write that it has signed already."
    )
    return Check("flag", "bad", _("Signed twice"), sentence, twin.pk)


def _likeness(sign_on: SignOn, others: list[tuple[int, str, str]]) -> list[Check]:
    """The organisation whose name is most like this one's, from ALIKE upwards."""
    if sign_on.kind != SignOn.Kind.ORGANISATION or not sign_on.name_key:
        return []
    starts = _word_starts(sign_on.name_key)
    near = {
        _words_sorted(key): name
        for pk, name, key in others
        if pk != sign_on.pk and not starts.isdisjoint(_word_starts(key))
    }
    found = most_similar(_words_sorted(sign_on.name_key), near, least=ALIKE)
    if found is None:
        return []
    like, best = near[found[0]], found[1]
    values = {"name": like, "share": round(best * 100)}
    sentence = _("Much like %(name)s, which also signed from this country: the names are %(share)s %% alike.") % values
    return [Check("half", "warn", _("Like %(name)s") % values, sentence)]


def _words_sorted(key: str) -> str:
    """The words in alphabetical order: Forum on Data Rights is like Data Rights Forum."""
    return " ".join(sorted(key.split()))


def _word_starts(key: str) -> set[str]:
    """The first three letters of each word: names that share none are not compared."""
    return {word[:3] for word in key.split()}


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
        minutes = max(round((sign_on.confirmed_at - sign_on.created_at).total_seconds() / 60), 1)
        sentence = ngettext(
            "Confirmed from its own address, within a minute of the form.",
            "Confirmed from its own address, %(minutes)s minutes after the form.",
            minutes,
        )
        found.append(Check("ok", "ok", _("Confirmed"), sentence % {"minutes": minutes}))
    return found
