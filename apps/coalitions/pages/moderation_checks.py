"""Automatic checks of signatures: what moderators are shown, each with its reason."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from apps.core.languages import language_for
from apps.core.text import name_key
from apps.core.times import written_day
from apps.letters.rendering.font_coverage import has_printable_letters, printable_name, uncovered

from ..email_domains import email_matches_website, is_free_email, mail_domain, own_domain, website_host
from ..models import SignOn
from ..selectors.collected_sign_ons import accepted_on_evidence
from ..selectors.moderation_queue import answered_by_signer
from ..selectors.organisations import SimilarOrganisation, Subject, alike
from ..selectors.returned_mail import returned_mail
from ..selectors.sign_ons import possible_duplicates
from ..selectors.signatory_lists import publicly_named_ids

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
    #: id of the similar organisation
    like: int | None = None
    #: the last mail came back
    returned: bool = False


def sign_on_checks(sign_ons: list[SignOn]) -> dict[int, list[Check]]:
    """{id: checks, the most urgent first}, of one campaign's signatures."""
    held_back = [sign_on for sign_on in sign_ons if sign_on.held_back]
    duplicates = possible_duplicates(held_back) if held_back else {}
    public = publicly_named_ids(duplicates.values())
    subjects = [_subject(sign_on) for sign_on in sign_ons if sign_on.kind == SignOn.Kind.ORGANISATION]
    similar = alike(sign_ons[0].campaign, subjects) if subjects else {}
    returned, answered = returned_mail(sign_ons), answered_by_signer(sign_ons)
    accepted = accepted_on_evidence(sign_ons)
    found = {}
    for sign_on in sign_ons:
        if sign_on.moderation == SignOn.Moderation.SUSPECT:
            like = [_set_aside(), *_similar(similar.get(sign_on.pk, []))]
        elif sign_on.held_back:
            like = [_duplicate(duplicates.get(sign_on.pk), public)]
        else:
            like = _similar(similar.get(sign_on.pk, []))
        checks = [
            *_suspicion(sign_on), *_returned(sign_on, returned), *_answered(sign_on, answered), *_fonts(sign_on),
            *like, *_address(sign_on), *_confirmation(sign_on, sign_on.pk in accepted),
        ]  # fmt: skip
        found[sign_on.pk] = sorted(checks, key=lambda check: TONES.index(check.tone))
    return found


def _subject(sign_on: SignOn) -> Subject:
    english = name_key(sign_on.org_name_english) if sign_on.org_name_english else ""
    names = tuple(dict.fromkeys(filter(None, [sign_on.name_key, english])))
    domains = {own_domain(website_host(sign_on.org_website)), own_domain(mail_domain(sign_on.email))}
    return Subject(sign_on.pk, sign_on.organisation_id, sign_on.country, names, tuple(filter(None, domains)))


def _suspicion(sign_on: SignOn) -> list[Check]:
    if sign_on.state != SignOn.State.SUSPECT:
        return []
    sentence = _(
        "A hidden field was filled in, or the form came faster than anybody types. No email was sent. Let it "
        "through if it looks real."
    )
    return [Check("flag", "bad", _("Suspected spam"), sentence)]


def _returned(sign_on: SignOn, returned: dict[int, datetime]) -> list[Check]:
    if sign_on.pk not in returned:
        return []
    day = written_day(localtime(returned[sign_on.pk]))
    sentence = _(
        "The last email to this address came back on %(day)s. Write to the signer another way, or correct the address."
    )
    return [Check("reply", "bad", _("Email came back"), sentence % {"day": day}, returned=True)]


def _answered(sign_on: SignOn, answered: set[int]) -> list[Check]:
    if sign_on.pk not in answered or sign_on.moderation != SignOn.Moderation.WAITING:
        return []
    return [Check("talk", "warn", _("Answered"), _("The signer has answered the question. The answer is below."))]


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
        return Check("flag", "warn", pgettext("signature", "Held back"), sentence)
    if other.pk in public:
        sentence = _(
            "The organisation has already signed this letter, and its name is on the public page. It counts only once: "
            "leave this one uncounted, or reject one of the two."
        )
    else:
        sentence = _(
            "The organisation has already signed this letter, but its name is not public: its signer does not know. It "
            "counts only once: leave this one uncounted, or reject one of the two without mentioning the other."
        )
    return Check("flag", "bad", pgettext("signature", "Signed twice"), sentence, other.pk)


def _set_aside() -> Check:
    sentence = _("A moderator set it aside. It is neither counted nor shown, and its signer sees no difference.")
    return Check("flag", "warn", pgettext("signature", "Set aside"), sentence)


def _similar(found: list[SimilarOrganisation]) -> list[Check]:
    return [_similar_to(each) for each in found]


def _similar_to(other: SimilarOrganisation) -> Check:
    values = {"name": other.name, "share": other.share, "domain": other.domain}
    if other.share and other.domain:
        sentence = _("Similar to %(name)s, of the same country (%(share)s %%), and at the same domain, %(domain)s.")
    elif other.share:
        sentence = _("Similar to %(name)s, of the same country (%(share)s %%).")
    else:
        sentence = _("At the same domain as %(name)s: %(domain)s.")
    short = _("Similar to %(name)s") if other.share else _("Domain of %(name)s")
    return Check("half", "warn", short % values, sentence % values, like=other.organisation_id)


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


def _confirmation(sign_on: SignOn, on_evidence: bool) -> list[Check]:
    found = []
    if sign_on.authority_verified and not email_matches_website(sign_on.email, sign_on.org_website):
        found.append(
            Check("ok", "ok", _("Authority to sign verified"), _("A moderator verified that the person may sign."))
        )
    if on_evidence:
        sentence = _("Entered by the team and accepted on its evidence by a second person.")
        found.append(Check("ok", "ok", _("Accepted on evidence"), sentence))
    elif sign_on.confirmed_at is not None:
        minutes = max(round((sign_on.confirmed_at - sign_on.created_at).total_seconds() / 60), 1)
        sentence = ngettext(
            "Confirmed from its own address, within a minute of the form.",
            "Confirmed from its own address, %(minutes)s minutes after the form.",
            minutes,
        )
        found.append(Check("ok", "ok", pgettext("signature", "Confirmed"), sentence % {"minutes": minutes}))
    return found
