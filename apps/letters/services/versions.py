"""Freeze a letter: a version with its editions, the present evidence, and a hash over all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.audit import audit_record
from apps.core.canonical import canonical_json, sha256_hex
from apps.core.errors import Conflict, DomainError
from apps.core.types import JsonObject
from apps.governments.models import Member
from apps.governments.selectors import audience_matcher, reference_day
from apps.sources.selectors import campaign_document
from apps.talkingpoints.models import Fact
from apps.talkingpoints.selectors import facts_by_key

from ..document.resolution import resolve
from ..document.traversal import facts_used
from ..edition_content import (
    Matcher,
    edition_body,
    evidence_snapshot,
    footnotes,
    frozen_values,
    full_footnotes,
    version_payload,
)
from ..merge_fields import field_labels
from ..models import Approval, Edition, Letter, LetterText, LetterVersion
from ..selectors.letters import letter_addressees

#: names in a sentence; others are counted
MAX_NAMES = 5


class NotApproved(Conflict):
    """The texts in `languages` are not approved in their present form."""

    def __init__(self, languages: list[str]) -> None:
        super().__init__(
            _("Not approved in the present form: %(languages)s. A reviewer approves each text first.")
            % {"languages": ", ".join(languages)}
        )
        self.languages = languages


class FactsMissing(DomainError):
    """Cited facts are withdrawn or missing. `facts`: their numbers or keys."""

    def __init__(self, facts: list[str]) -> None:
        super().__init__(
            _("The text cites facts that were withdrawn: %(facts)s. Replace them, then have the text approved again.")
            % {"facts": ", ".join(facts)}
        )
        self.facts = facts


class ValuesMissing(DomainError):
    """Fields without a value and fallback: {key: [government]}."""

    def __init__(self, fields: dict[str, list[str]]) -> None:
        sentences = [
            _("“%(field)s” has no value for %(members)s, and no fallback.")
            % {"field": field_labels([key])[0], "members": listed(names)}
            for key, names in fields.items()
        ]
        super().__init__(" ".join(sentences))
        self.fields = fields


class NothingChanged(Conflict):
    """The last version is the same."""


@dataclass
class _Plan:
    """What freezing is going to store."""

    day: date
    facts: dict[str, Fact]
    notes: Callable[[list[str], str], list[JsonObject]]
    editions: list[tuple[Member | None, str, JsonObject]] = field(default_factory=list)
    missing: dict[str, list[str]] = field(default_factory=dict)


@transaction.atomic
def letter_version_freeze(*, letter: Letter, actor: User, on: date | None = None) -> LetterVersion:
    """The letter's next version: an edition for each language and addressee of the day `on` (by default the
    campaign's), and a general edition if there are several addressees.

    Locks the letter and its texts. Raises NotApproved, no_addressee, FactsMissing, ValuesMissing, NothingChanged,
    letter_closed.
    """
    letter = Letter.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=letter.pk)
    if letter.closed_at:
        raise Conflict(_("This letter is closed. Begin a new one."), code="letter_closed")
    texts = _approved_texts(letter)
    day = on or reference_day(letter.campaign)
    addressees = letter_addressees(letter, day)
    if not addressees:
        raise DomainError(
            _("Nobody gets this letter: none of its addressees is a member on that day."), code="no_addressee"
        )
    plan = _planned(letter, texts, addressees, day)
    version = _stored(letter, texts, plan, actor)
    audit_record(
        verb="letter_version.freeze",
        subject=version,
        actor=actor,
        campaign_id=letter.campaign_id,
        letter=letter.number,
        number=version.number,
        sha256=version.sha256,
        editions=len(plan.editions),
        addressees=len(addressees),
        day=day.isoformat(),
    )
    return version


def letter_version_is_new(*, letter: Letter) -> bool:
    """False if the last version is what freezing would store. True also if freezing would fail."""
    last = letter.versions.order_by("-number").first()
    day = reference_day(letter.campaign)
    texts, addressees = list(letter.texts.order_by("pk")), letter_addressees(letter, day)
    if last is None or not texts or not addressees:
        return True
    try:
        plan = _planned(letter, texts, addressees, day)
        hashes = [sha256_hex(canonical_json(body)) for _member, _language, body in plan.editions]
        evidence = evidence_snapshot(list(plan.facts.values()), _citations(letter, plan.facts, texts[0].language))
        _check_news(last, _subjects(texts), evidence, hashes)
    except NothingChanged:
        return False
    except DomainError:
        return True
    return True


def _subjects(texts: list[LetterText]) -> dict[str, str]:
    return {text.language: text.subject for text in texts}


def _stored(letter: Letter, texts: list[LetterText], plan: _Plan, actor: User) -> LetterVersion:
    """Raises NothingChanged."""
    last = letter.versions.order_by("-number").first()
    number = last.number + 1 if last else 1
    subjects = _subjects(texts)
    evidence = evidence_snapshot(list(plan.facts.values()), _citations(letter, plan.facts, texts[0].language))
    rows = [
        Edition(member=member, language=language, body=body, sha256=sha256_hex(canonical_json(body)))
        for member, language, body in plan.editions
    ]
    hashes = [row.sha256 for row in rows]
    _check_news(last, subjects, evidence, hashes)
    payload = version_payload(
        letter=letter.number, version=number, subjects=subjects, evidence=evidence, editions=hashes
    )
    version = LetterVersion.objects.create(
        letter=letter,
        number=number,
        subjects=subjects,
        evidence=evidence,
        sha256=sha256_hex(canonical_json(payload)),
        frozen_by=actor,
        frozen_at=timezone.now(),
        frozen_on=plan.day,
    )
    for row in rows:
        row.version = version
    Edition.objects.bulk_create(rows, batch_size=500)
    return version


def _approved_texts(letter: Letter) -> list[LetterText]:
    """The letter's texts, locked."""
    texts = list(letter.texts.select_for_update(of=("self",)).order_by("pk"))
    approved = set(Approval.objects.filter(text__letter=letter).values_list("text_id", "sha256"))
    missing = [text.language for text in texts if (text.pk, text.sha256) not in approved]
    if missing or not texts:
        raise NotApproved(missing)
    return texts


def _planned(letter: Letter, texts: list[LetterText], addressees: list[Member], day: date) -> _Plan:
    cited = list(dict.fromkeys(key for text in texts for key in facts_used(text.body)))
    facts = facts_by_key(letter.campaign, cited)
    gone = [facts[key].number if key in facts else key for key in cited if key not in facts or facts[key].retired_at]
    if gone:
        raise FactsMissing(gone)
    plan = _Plan(day, facts, _notes_by_order(letter.campaign, facts))
    matcher = audience_matcher(letter.campaign, day)
    everybody: list[Member | None] = [*addressees] if len(addressees) == 1 else [None, *addressees]
    for text in texts:
        for member in everybody:
            _plan_edition(plan, letter, text, member, matcher)
    if plan.missing:
        raise ValuesMissing(plan.missing)
    return plan


def _plan_edition(plan: _Plan, letter: Letter, text: LetterText, member: Member | None, matcher: Matcher) -> None:
    frozen = frozen_values(letter.campaign, member, day=plan.day, language=text.language, matcher=matcher)
    resolution = resolve(text.body, frozen)
    for key in resolution.missing:
        plan.missing.setdefault(key, []).append(member.name if member else _("the general letter"))
    body = edition_body(
        subject=text.subject,
        language=text.language,
        member=member,
        blocks=resolution.blocks,
        notes=plan.notes(resolution.facts, text.language),
    )
    plan.editions.append((member, text.language, body))


def _notes_by_order(campaign: Campaign, facts: dict[str, Fact]) -> Callable[[list[str], str], list[JsonObject]]:
    """Caches: most editions have the same notes."""
    document = campaign_document(campaign)

    @cache
    def written(keys: tuple[str, ...], language: str) -> list[JsonObject]:
        return footnotes(keys, facts, language, document)

    return lambda keys, language: written(tuple(keys), language)


def _citations(letter: Letter, facts: dict[str, Fact], language: str) -> dict[str, JsonObject]:
    """{key: note with the source in full}."""
    return {note["fact"]: note for note in full_footnotes(facts, facts, language, campaign_document(letter.campaign))}


def _check_news(
    last: LetterVersion | None, subjects: dict[str, str], evidence: list[JsonObject], hashes: list[str]
) -> None:
    """Raises NothingChanged."""
    if last is None or (last.subjects, last.evidence) != (subjects, evidence):
        return
    if sorted(last.editions.values_list("sha256", flat=True)) == sorted(hashes):
        raise NothingChanged(_("Version %(number)s already has exactly this text.") % {"number": last.number})


def listed(names: Iterable[str]) -> str:
    """The first names, and the number of others."""
    names = list(names)
    shown = ", ".join(names[:MAX_NAMES])
    rest = len(names) - MAX_NAMES
    return _("%(shown)s and %(rest)s more") % {"shown": shown, "rest": rest} if rest > 0 else shown
