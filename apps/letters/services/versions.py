"""Freeze a letter: a version with its editions, the present evidence, and a hash over all."""

import json
from collections.abc import Collection
from datetime import date
from functools import cache
from itertools import product

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.audit import audit_record
from apps.core.canonical_json import canonical_json, sha256_hex
from apps.core.errors import Conflict, DomainError
from apps.core.language_names import language_name
from apps.core.text import first_names, joined
from apps.core.types import JsonObject
from apps.governments.models import Member
from apps.governments.selectors import audience_matcher, groups_on, reference_day, stances_on
from apps.sources.models import Source
from apps.sources.selectors import campaign_document
from apps.talkingpoints.models import Fact
from apps.talkingpoints.selectors import facts_by_key
from apps.webhooks.models import EventKind
from apps.webhooks.services.recording import webhook_event_record

from ..document.resolution import Noted
from ..document.traversal import facts_used, lost_marks
from ..edition_content import (
    Gaps,
    Passages,
    edition_body,
    edition_resolutions,
    evidence_snapshot,
    footnotes,
    full_footnotes,
    version_payload,
)
from ..merge_fields import field_labels
from ..models import Approval, Edition, FrozenSource, Letter, LetterText, LetterVersion
from ..selectors.adaptations import passages_by_text
from ..selectors.drafts import texts_with_state
from ..selectors.editions import version_bytes
from ..selectors.letters import letter_addressees
from .drafts import LostMarksLeft, check_open
from .text_bodies import text_body_refresh

#: names in a sentence; others are counted
MAX_NAMES = 5
#: characters of the reason of a later version
MAX_CHANGE = 600


class NotApproved(Conflict):
    """The texts in `languages` are not approved in their present form, and not left out."""

    def __init__(self, languages: list[str]) -> None:
        super().__init__(
            _("Not approved in the present form: %(languages)s. A reviewer approves each text, or it is left out.")
            % {"languages": joined(language_name(code) for code in languages)}
        )
        self.languages = languages


class OriginalLeftOut(DomainError):
    default_message = gettext_lazy("The text with which the letter began cannot be left out.")


class FactsMissing(DomainError):
    """Cited facts are withdrawn or missing. `facts`: their numbers or keys."""

    def __init__(self, facts: list[str]) -> None:
        super().__init__(
            _("The text cites facts that were withdrawn: %(facts)s. Replace them, then have the text approved again.")
            % {"facts": joined(facts)}
        )
        self.facts = facts


class ValuesMissing(DomainError):
    """Fields without a value and fallback: {key: [government]}."""

    def __init__(self, fields: dict[str, list[str]]) -> None:
        sentences = [
            _("“%(field)s” has no value for %(members)s, and no fallback.")
            % {"field": field_labels([key])[0], "members": first_names(names, MAX_NAMES)}
            for key, names in fields.items()
        ]
        super().__init__(" ".join(sentences))
        self.fields = fields


class PassagesLost(DomainError):
    """Passages for single governments stand at places that those no longer get. `members`: their names."""

    def __init__(self, members: list[str]) -> None:
        super().__init__(
            _("Passages written for %(members)s have lost their place in the text. Move or remove them first.")
            % {"members": first_names(members, MAX_NAMES)}
        )
        self.members = members


class NothingChanged(Conflict):
    """The last version is the same."""


@transaction.atomic
def letter_version_freeze(
    *, letter: Letter, actor: User, on: date | None = None, without: Collection[str] = (), change: str = "",
    reason: str = "",
) -> LetterVersion:  # fmt: skip
    """The letter's next version: an edition for each language and addressee of the day `on` (by default the
    campaign's), and a general edition if there are several addressees. `without`: languages that are left out of it.
    `change` and `reason`, of a later one: whether it is a correction or a material change, and why. Locks the letter
    and its texts. Raises NotApproved, OriginalLeftOut, FactsMissing, LostMarksLeft, ValuesMissing, PassagesLost,
    NothingChanged, DomainError."""
    letter = Letter.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=letter.pk)
    check_open(letter)
    texts = _approved_texts(letter, without)
    day = on or reference_day(letter.campaign)
    addressees = letter_addressees(letter, day)
    if not addressees:
        raise DomainError(_("Nobody gets this letter: none of its addressees is a member on that day."))
    version, source, editions = _next_version(letter, texts, addressees, day)
    version.frozen_by, version.frozen_at = actor, timezone.now()
    if version.number > 1:
        version.change, version.reason = _checked_change(change, reason)
    version.save()
    source.save(force_insert=True)
    Edition.objects.bulk_create(editions, batch_size=500)
    audit_record(
        verb="letter_version.freeze",
        subject=version,
        actor=actor,
        campaign_id=letter.campaign_id,
        letter=letter.number,
        number=version.number,
        language=list(version.subjects),
        sha256=version.sha256,
        editions=len(editions),
        addressees=len(addressees),
        day=day.isoformat(),
        change=version.change,
    )
    webhook_event_record(
        campaign=letter.campaign,
        kind=EventKind.VERSION_FROZEN,
        key=letter.pk,
        data=lambda: {
            "letter": letter.number,
            "version": version.number,
            "sha256": version.sha256,
            "languages": list(version.subjects),
        },
    )
    return version


def _checked_change(change: str, reason: str) -> tuple[LetterVersion.Change, str]:
    if change not in LetterVersion.Change.values:
        raise DomainError(_("Say whether this version is a correction or a material change."), field="change")
    if not reason.strip():
        raise DomainError(_("Say what changed, and why."), field="reason")
    if len(reason.strip()) > MAX_CHANGE:
        raise DomainError(_("Shorten this to %(most)s characters.") % {"most": MAX_CHANGE}, field="reason")
    return LetterVersion.Change(change), reason.strip()


def letter_version_refusal(*, letter: Letter) -> DomainError | None:
    """What freezing the approved texts, or all if none is approved, would raise: FactsMissing, LostMarksLeft,
    ValuesMissing, PassagesLost, NothingChanged."""
    day = reference_day(letter.campaign)
    present = list(texts_with_state().filter(letter=letter).select_related("letter__campaign").order_by("pk"))
    texts, addressees = [text for text in present if text.approved] or present, letter_addressees(letter, day)
    if not (texts and addressees):
        return None
    try:
        _next_version(letter, texts, addressees, day)
    except DomainError as error:
        return error
    return None


def _approved_texts(letter: Letter, without: Collection[str]) -> list[LetterText]:
    """In the order in which they were added: the original first."""
    rows = letter.texts.select_for_update(of=("self",)).select_related("letter__campaign").order_by("pk")
    present = [text_body_refresh(row) for row in rows]
    if present and present[0].language in without:
        raise OriginalLeftOut
    texts = [text for text in present if text.language not in without]
    approvals = Approval.objects.filter(text__letter=letter)
    approved = set(approvals.values_list("text_id", "sha256", "adaptations_sha256"))
    missing = [text.language for text in texts if (text.pk, text.sha256, text.adaptations_sha256) not in approved]
    if missing or not texts:
        raise NotApproved(missing)
    return texts


def _next_version(
    letter: Letter, texts: list[LetterText], addressees: list[Member], day: date
) -> tuple[LetterVersion, FrozenSource, list[Edition]]:
    """The version, its source and its editions, unsaved. Raises FactsMissing, LostMarksLeft, ValuesMissing,
    PassagesLost, NothingChanged."""
    passages = passages_by_text(texts)
    cited = _cited(texts, addressees, passages)
    facts = facts_by_key(letter.campaign, cited)
    gone = [facts[key].number if key in facts else key for key in cited if key not in facts or facts[key].retired_at]
    if gone:
        raise FactsMissing(gone)
    if lost := sum(len(lost_marks(body)) for body in _bodies(texts, addressees, passages)):
        raise LostMarksLeft(lost)
    document = campaign_document(letter.campaign)
    notes = {note["fact"]: note for note in full_footnotes(facts, facts, texts[0].language, document)}
    last = letter.versions.order_by("-number").first()
    version = LetterVersion(
        letter=letter,
        number=last.number + 1 if last else 1,
        subjects={text.language: text.subject for text in texts},
        evidence=evidence_snapshot(list(facts.values()), notes),
        frozen_on=day,
    )
    source = FrozenSource(
        version=version,
        texts={text.language: _source(text, addressees, passages) for text in texts},
        addressees=_standings(letter.campaign, addressees, day),
    )
    editions = _editions(version, texts, addressees, facts, document, passages)
    payload = version_payload(version, source, [edition.sha256 for edition in editions])
    if last and _is_same(payload, last):
        raise NothingChanged(_("Version %(number)s already has exactly this text.") % {"number": last.number})
    version.sha256 = sha256_hex(canonical_json(payload))
    return version, source, editions


def _source(text: LetterText, addressees: list[Member], passages: Passages) -> JsonObject:
    """Its subject and body, and the addressees' own passages where there are any."""
    own = {
        member.code: [{"kind": one.kind, "block": one.block, "blocks": list(one.blocks)} for one in found]
        for member in addressees
        if (found := passages.get(text.pk, {}).get(member.pk))
    }
    return {"subject": text.subject, "body": text.body} | ({"passages": own} if own else {})


def _standings(campaign: Campaign, addressees: list[Member], day: date) -> JsonObject:
    """{code: {groups, stance}} on the day."""
    groups, stances = groups_on(day), stances_on(campaign, day)
    return {
        member.code: {
            "groups": groups.get(member.pk, []),
            "stance": stances[member.pk].stance if member.pk in stances else "",
        }
        for member in addressees
    }


def _is_same(payload: JsonObject, last: LetterVersion) -> bool:
    """Whether nothing of what is signed and sent differs."""
    before = json.loads(version_bytes(last))
    return all(payload[part] == before[part] for part in ("subjects", "evidence", "editions"))


def _cited(texts: list[LetterText], addressees: list[Member], passages: Passages) -> list[str]:
    """Keys of the facts in the texts, then in the addressees' own passages."""
    return list(dict.fromkeys(key for body in _bodies(texts, addressees, passages) for key in facts_used(body)))


def _bodies(texts: list[LetterText], addressees: list[Member], passages: Passages) -> list[JsonObject]:
    """Those of the texts, then the blocks of the addressees' own passages."""
    own = [
        block
        for text, member in product(texts, addressees)
        for passage in passages.get(text.pk, {}).get(member.pk, ())
        for block in passage.blocks
    ]
    return [*(text.body for text in texts), *own]


def _editions(
    version: LetterVersion,
    texts: list[LetterText],
    addressees: list[Member],
    facts: dict[str, Fact],
    document: Source | None,
    passages: Passages,
) -> list[Edition]:
    """For each text and addressee; for several addressees also general ones. Raises ValuesMissing, PassagesLost."""
    campaign, day = version.letter.campaign, version.frozen_on
    editions: list[Edition] = []
    gaps = Gaps()

    @cache  # most editions have the same notes
    def notes(noted: tuple[Noted, ...], language: str) -> list[JsonObject]:
        return footnotes(noted, facts, language, document)

    for text, member, resolution in edition_resolutions(
        campaign, texts, addressees, day=day, matcher=audience_matcher(campaign, day), passages=passages
    ):
        gaps.add(text, member, resolution)
        language = text.language
        noted = notes(tuple(resolution.notes), language)
        body = edition_body(
            subject=text.subject, language=language, member=member, blocks=resolution.blocks, notes=noted
        )
        sha256 = sha256_hex(canonical_json(body))
        editions.append(Edition(version=version, member=member, language=language, body=body, sha256=sha256))
    if gaps.values:
        raise ValuesMissing(gaps.values)
    if gaps.places:
        raise PassagesLost(list(dict.fromkeys(member.name for _text, member in gaps.places)))
    return editions
