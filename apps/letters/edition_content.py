"""What editions and versions consist of: values, footnotes, evidence. Reads no rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product

from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.core.canonical_json import canonical_json, sha256_hex
from apps.core.types import JsonObject
from apps.governments.models import Member
from apps.sources.citation.footnotes import Footnotes
from apps.sources.citation.formatter import citation_text, citation_url, printed_point
from apps.sources.models import Source
from apps.talkingpoints.models import Fact

from .document.adaptation import Passage
from .document.resolution import Frozen, Noted, Places, Resolution, resolve
from .merge_fields import MEMBER_FIELDS, envelope_keys, field_values
from .models import FrozenSource, LetterText, LetterVersion

#: takes a government and the entries of an audience, says whether it is among them
type Matcher = Callable[[Member, list[str]], bool]
type Note = JsonObject
#: {id of a text: {id of a government: its own passages}}
type Passages = Mapping[int, Mapping[int, Sequence[Passage]]]


@dataclass
class Gaps:
    """What editions lack: fields without a value and fallback, {key: [government]}, and places for passages of their
    own."""

    values: dict[str, list[str]] = field(default_factory=dict)
    places: list[tuple[LetterText, Member]] = field(default_factory=list)

    def add(self, text: LetterText, member: Member | None, resolution: Resolution) -> None:
        for key in resolution.missing:
            self.values.setdefault(key, []).append(member.name if member else _("the general letter"))
        if member and any(passage.blocks for passage in resolution.lost):
            self.places.append((text, member))


def footnotes(noted: Iterable[Noted], facts: dict[str, Fact], language: str, document: Source | None) -> list[Note]:
    """[{n, fact, text, url}] as letters print them, numbered in their order; the writer's own are {n, text}, and what
    several facts share has all their keys in `facts`. Later notes on a source refer to the first. Unknown facts leave a
    gap. `document`: the campaign's own, or None."""
    notes = Footnotes(language, document)
    found: list[Note] = []
    for number, one in enumerate(noted, start=1):
        if one.text:
            found.append({"n": number, "text": one.text})
        elif known := [facts[key] for key in one.facts if key in facts]:
            note = notes.add(number, known[0].source, _locator(known))
            shared = {"facts": list(one.facts)} if len(one.facts) > 1 else {}
            found.append(_note(number, one.facts[0], note.citation.text, note.url) | shared)
    return found


def _locator(facts: list[Fact]) -> JsonObject:
    """Of a note on facts of one source."""
    points = dict.fromkeys(fact.locator.get("point") for fact in facts)
    return {"points": [*points]} if len(points) > 1 else facts[0].locator


def cited_places(facts: Mapping[str, Fact]) -> Places:
    """Of facts by their keys."""
    return {key: (fact.source_id, printed_point(fact.source, fact.locator)) for key, fact in facts.items()}


def full_footnotes(keys: Iterable[str], facts: dict[str, Fact], language: str, document: Source | None) -> list[Note]:
    """The same with every source in full: for the editor, where the order changes, and for the evidence snapshot."""
    return [
        _note(number, key, citation_text(fact.source, fact.locator, language, document), citation_url(fact.source))
        for number, key in enumerate(keys, start=1)
        if (fact := facts.get(key))
    ]


def _note(number: int, key: str, text: str, url: str) -> Note:
    return {"n": number, "fact": key, "text": text if text.endswith((".", "?", "!", "…")) else f"{text}.", "url": url}


def frozen_values(
    campaign: Campaign,
    member: Member | None,
    *,
    day: date,
    language: str,
    matcher: Matcher,
    passages: Sequence[Passage] = (),
    facts: Mapping[str, Fact] | None = None,
) -> Frozen:
    """For one government with its own passages; `member=None` is the general edition. `facts`: those that it cites,
    where the numbers of notes matter."""
    context = {"campaign": campaign, "member": member, "day": day, "language": language}
    return Frozen(
        values=field_values(context, envelope=False),
        envelope=envelope_keys(),
        matches=(lambda entries: matcher(member, entries)) if member else (lambda entries: False),
        prefer_fallback=frozenset() if member else MEMBER_FIELDS,
        passages=passages,
        places=cited_places(facts or {}),
    )


def edition_resolutions(
    campaign: Campaign,
    texts: Iterable[LetterText],
    addressees: Sequence[Member],
    *,
    day: date,
    matcher: Matcher,
    passages: Passages,
    facts: Mapping[str, Fact] | None = None,
) -> Iterator[tuple[LetterText, Member | None, Resolution]]:
    """Of each text for each addressee; for several addressees also general ones. `facts`: as for `frozen_values`."""
    everybody: list[Member | None] = [*addressees] if len(addressees) == 1 else [None, *addressees]
    for text, member in product(texts, everybody):
        own = passages.get(text.pk, {}).get(member.pk, ()) if member else ()
        frozen = frozen_values(
            campaign, member, day=day, language=text.language, matcher=matcher, passages=own, facts=facts
        )
        yield text, member, resolve(text.body, frozen)


def edition_body(
    *, subject: str, language: str, member: Member | None, blocks: list[JsonObject], notes: list[JsonObject]
) -> JsonObject:
    return {
        "subject": subject,
        "language": language,
        "member": member.code if member else None,
        "blocks": blocks,
        "notes": notes,
    }


def version_payload(version: LetterVersion, source: FrozenSource | None, editions: Iterable[str]) -> JsonObject:
    """What the version's hash covers. `editions`: the hashes of all editions."""
    payload: JsonObject = {
        "letter": version.letter.number,
        "version": version.number,
        "subjects": version.subjects,
        "evidence": version.evidence,
        "editions": sorted(editions),
    }
    if source is not None:
        payload["texts"] = {code: sha256_hex(canonical_json(text)) for code, text in source.texts.items()}
        payload["addressees"] = source.addressees
    return payload


def evidence_snapshot(facts: list[Fact], notes: dict[str, JsonObject]) -> list[JsonObject]:
    """The cited facts, by key. `notes`: their footnotes in the letter's first language."""
    return [
        {
            "fact": fact.key,
            "number": fact.stored_number,
            "revision": fact.revision,
            "statement": fact.statement,
            "figures": _without_floats(fact.figures),
            "source": {"key": fact.source.key, "citation": notes[fact.key]["text"], "url": notes[fact.key]["url"]},
        }
        for fact in sorted(facts, key=lambda fact: fact.key)
    ]


def _without_floats(value: object) -> object:
    """Floats as text, since they have no canonical JSON."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dict):
        return {key: _without_floats(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_floats(inner) for inner in value]
    return value
