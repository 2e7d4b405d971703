"""The moderation page: the queue, and automatic checks of each signature."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from apps.campaigns.models import TeamMember
from apps.core.languages import language_for
from apps.core.similarity import most_similar
from apps.letters.rendering.font_coverage import has_printable_letters, printable_name, uncovered

from ..email_domains import email_matches_website, is_free_email, mail_domain
from ..models import SignOn
from ..selectors.sign_ons import moderation_queue, names_visible_to, possible_duplicates, sign_on_fingerprint
from ..selectors.signatory_lists import publicly_named_ids

#: names at least this similar are shown to moderators (0 to 1)
ALIKE = 0.8
#: names of a country that are compared
COMPARED = 2000
PER_PAGE = 50
KINDS = {
    SignOn.State.CONFIRMED: gettext_lazy("%(n)d confirmed"),
    SignOn.State.HELD: gettext_lazy("%(n)d signed twice"),
    SignOn.State.SUSPECT: gettext_lazy("%(n)d suspected spam"),
}
#: the order of checks
TONES = ["bad", "warn", "idle", "ok"]


@dataclass(frozen=True)
class Check:
    glyph: str
    tone: str
    short: str
    sentence: str
    #: id of the other signature
    other: int | None = None


@dataclass(frozen=True)
class ModerationRow:
    sign_on: SignOn
    name: str
    checks: list[Check]

    @property
    def fingerprint(self) -> str:
        return sign_on_fingerprint(self.sign_on)

    @property
    def is_duplicate(self) -> bool:
        return any(check.other for check in self.checks)


@dataclass(frozen=True)
class ModerationPage:
    page: Page[SignOn]
    rows: list[ModerationRow]
    chosen: ModerationRow | None
    oldest: SignOn | None
    #: "53 confirmed", "3 signed twice"
    kinds: list[str]


def moderation_page(membership: TeamMember, chosen: SignOn | None, number: str | int | None) -> ModerationPage:
    """Page `number` of the queue. The first signature is chosen by default."""
    queue = moderation_queue(membership.campaign)
    page = Paginator(queue, PER_PAGE).get_page(number)
    sign_ons = list(page.object_list)
    every = [*sign_ons, *([chosen] if chosen else [])]
    names, checks = names_visible_to(membership, every), sign_on_checks(every)
    rows = [ModerationRow(sign_on, names[sign_on.pk], checks[sign_on.pk]) for sign_on in every]
    shown = rows[-1] if chosen else next(iter(rows), None)
    numbers = dict(queue.order_by().values_list("state").annotate(number=Count("id")))
    kinds = [str(words % {"n": numbers[state]}) for state, words in KINDS.items() if state in numbers]
    return ModerationPage(page, rows[: len(sign_ons)], shown, queue.first(), kinds)


def sign_on_checks(sign_ons: list[SignOn]) -> dict[int, list[Check]]:
    """{id: checks, the most urgent first}. The names of a country are loaded once."""
    names: dict[tuple[int, str], list[tuple[int, str, str]]] = {}
    held_back = [sign_on for sign_on in sign_ons if sign_on.held_back]
    duplicates = possible_duplicates(held_back) if held_back else {}
    public = publicly_named_ids(duplicates.values())
    found = {}
    for sign_on in sign_ons:
        key = (sign_on.letter_id, sign_on.country)
        if key not in names:
            names[key] = _organisation_names(*key)
        pair = duplicates.get(sign_on.pk)
        like = [_duplicate(pair, public)] if sign_on.held_back else _similar(sign_on, names[key])
        checks = [*_suspicion(sign_on), *_fonts(sign_on), *like, *_address(sign_on), *_confirmation(sign_on)]
        found[sign_on.pk] = sorted(checks, key=lambda check: TONES.index(check.tone))
    return found


def _suspicion(sign_on: SignOn) -> list[Check]:
    if sign_on.state != SignOn.State.SUSPECT:
        return []
    sentence = _("A hidden field was filled in. No email was sent. Let it through if it looks real.")
    return [Check("flag", "bad", _("Suspected spam"), sentence)]


def _organisation_names(letter_id: int, country: str) -> list[tuple[int, str, str]]:
    """(id, name, folded name) of the country's organisations that signed the letter."""
    rows = SignOn.objects.confirmed().filter(letter_id=letter_id, country=country, kind=SignOn.Kind.ORGANISATION)
    return list(rows.order_by("-id").values_list("id", "org_name", "name_key")[:COMPARED])


def _fonts(sign_on: SignOn) -> list[Check]:
    if sign_on.visibility == SignOn.Visibility.COUNTED or not uncovered(sign_on.shown_name):
        return []
    printed = printable_name(sign_on.printed_name, language_for(get_language() or "").signatures.no_font)
    sentence = _("Our fonts lack letters of this name. The list that governments get prints: %(printed)s.") % {
        "printed": printed
    }
    if sign_on.org_name_english and has_printable_letters(sign_on.org_name_english):
        return [Check("warn", "idle", _("Unusual letters"), sentence)]
    sentence += " " + _("Ask the signer to add a name in Latin letters.")
    return [Check("warn", "warn", _("Not printed in full"), sentence)]


def _duplicate(other: SignOn | None, public: set[int]) -> Check:
    if other is None:
        sentence = _("It was held back because the organisation had signed already. That signature no longer counts.")
        return Check("flag", "warn", _("Held back"), sentence)
    if other.pk in public:
        sentence = _(
            "The organisation has already signed this letter, and its name is on the public page. It counts only once: "
            "reject one of the two."
        )
    else:
        sentence = _(
            "The organisation has already signed this letter, but its name is not public: its signer does not know. It "
            "counts only once: reject one of the two, and do not mention the other signature in the reason."
        )
    return Check("flag", "bad", _("Signed twice"), sentence, other.pk)


def _similar(sign_on: SignOn, others: list[tuple[int, str, str]]) -> list[Check]:
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
    sentence = _("Similar to %(name)s, which also signed from this country (%(share)s %%).") % values
    return [Check("half", "warn", _("Similar to %(name)s") % values, sentence)]


def _words_sorted(key: str) -> str:
    """In alphabetical order, so that "Forum on Data Rights" is similar to "Data Rights Forum"."""
    return " ".join(sorted(key.split()))


def _word_starts(key: str) -> set[str]:
    """The first three letters of each word. Names that share none are not compared."""
    return {word[:3] for word in key.split()}


def _address(sign_on: SignOn) -> list[Check]:
    if sign_on.kind == SignOn.Kind.PERSON or not sign_on.email:
        return []
    values = {"domain": mail_domain(sign_on.email)}
    if email_matches_website(sign_on.email, sign_on.org_website):
        return [Check("ok", "ok", _("Domain matches"), _("The email address and the website have the same domain."))]
    if is_free_email(sign_on.email):
        sentence = _("Anybody can get an address at %(domain)s.") % values
        return [Check("warn", "warn", _("Free email"), sentence)]
    if not sign_on.org_website:
        sentence = _("There is no website to compare %(domain)s with.") % values
        return [Check("ring", "idle", _("No website"), sentence)]
    sentence = _("The email address is at %(domain)s, not at the website's domain.") % values
    return [Check("warn", "warn", _("Other domain"), sentence)]


def _confirmation(sign_on: SignOn) -> list[Check]:
    found = []
    if sign_on.authority_verified and not email_matches_website(sign_on.email, sign_on.org_website):
        found.append(Check("ok", "ok", _("Authority verified"), _("A moderator verified that the person may sign.")))
    if sign_on.confirmed_at is not None:
        minutes = max(round((sign_on.confirmed_at - sign_on.created_at).total_seconds() / 60), 1)
        sentence = ngettext(
            "Confirmed from its own address, within a minute of the form.",
            "Confirmed from its own address, %(minutes)s minutes after the form.",
            minutes,
        )
        found.append(Check("ok", "ok", _("Confirmed"), sentence % {"minutes": minutes}))
    return found
