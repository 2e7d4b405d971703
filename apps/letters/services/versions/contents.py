"""What a version would be: its texts, evidence, editions and hash, unsaved."""

import json
from datetime import date
from functools import cache
from itertools import product

from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.core.canonical_json import canonical_json, sha256_hex
from apps.core.types import JsonObject
from apps.governments.models import Member
from apps.governments.selectors import audience_matcher, groups_on, stances_on
from apps.sources.models import Source
from apps.sources.selectors import campaign_document
from apps.talkingpoints.models import Fact
from apps.talkingpoints.selectors import facts_by_key

from ...document.resolution import Noted
from ...document.traversal import facts_used, lost_marks
from ...edition_content import (
    Gaps,
    Passages,
    edition_body,
    edition_resolutions,
    evidence_snapshot,
    footnotes,
    full_footnotes,
    version_payload,
)
from ...models import Edition, FrozenSource, Letter, LetterText, LetterVersion
from ...selectors.adaptations import passages_by_text
from ...selectors.editions import version_bytes
from ..drafts import UnresolvedMarks
from .errors import FactsMissing, NothingChanged, PassagesLost, ValuesMissing


def next_version(
    letter: Letter, texts: list[LetterText], addressees: list[Member], day: date
) -> tuple[LetterVersion, FrozenSource, list[Edition]]:
    """The version, its source and its editions, unsaved. Raises FactsMissing, UnresolvedMarks, ValuesMissing,
    PassagesLost, NothingChanged."""
    passages = passages_by_text(texts)
    cited = _cited(texts, addressees, passages)
    facts = facts_by_key(letter.campaign, cited)
    gone = [facts[key].number if key in facts else key for key in cited if key not in facts or facts[key].retired_at]
    if gone:
        raise FactsMissing(gone)
    if lost := sum(len(lost_marks(body)) for body in _bodies(texts, addressees, passages)):
        raise UnresolvedMarks(lost)
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
        addressees=_stances(letter.campaign, addressees, day),
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


def _stances(campaign: Campaign, addressees: list[Member], day: date) -> JsonObject:
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
        campaign, texts, addressees, day=day, matcher=audience_matcher(campaign, day), passages=passages, facts=facts
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
