"""What is frozen: versions, their editions, and the bytes whose hash was signed."""

from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from apps.campaigns.models import Campaign
from apps.core.canonical import canonical_json
from apps.core.types import JsonObject
from apps.governments.models import Member
from apps.talkingpoints.models import Fact

from ..document import Frozen
from ..merge_fields import MEMBER_FIELDS, envelope_keys, field_values
from ..models import Edition, LetterVersion


class NoEdition(LookupError):
    """The version has no edition for this government, and no general one either."""


def version_editions(version: LetterVersion) -> QuerySet[Edition]:
    """The version's editions: the general ones first, then by government and language."""
    return version.editions.select_related("member").order_by(F("member__sort_en").asc(nulls_first=True), "language")


def edition_for(version: LetterVersion, member: Member | None, language: str) -> Edition:
    """The edition to send to this government in this language. Without one in that language: in the government's
    working language, in its second, in the letter's first. Without a government: the general edition, or the only one.

    Raises NoEdition where the government is not among the addressees.
    """
    held = {edition.language: edition for edition in version.editions.filter(member=member).order_by("language")}
    if not held and member is None:
        held = {edition.language: edition for edition in version.editions.order_by("language", "id")}
    wanted = [language, language[:2]]
    if member is not None:
        wanted += [member.working_language, member.working_language_alt]
    for choice in wanted:
        if choice in held:
            return held[choice]
    if not held:
        raise NoEdition(f"{version} has no edition for {member}")
    return held[first_language(version)] if first_language(version) in held else next(iter(held.values()))


def first_language(version: LetterVersion) -> str:
    """The language the letter was begun in."""
    first = version.letter.texts.order_by("pk").values_list("language", flat=True).first()
    return first or next(iter(version.subjects))


def public_title(version: LetterVersion, language: str) -> str:
    """The frozen letter's own title, in the reader's language where it has one. Its working title is the team's."""
    subjects: dict[str, str] = version.subjects
    found = subjects.get(language) or subjects.get(language[:2])
    return found or subjects.get(first_language(version)) or next(iter(subjects.values()))


def frozen_values(campaign: Campaign, member: Member | None, *, day: date, language: str, matcher: Any) -> Frozen:
    """What resolves a document for one government; `member=None` is the general edition."""
    context = {"campaign": campaign, "member": member, "day": day, "language": language}
    return Frozen(
        values=field_values(context, envelope=False),
        envelope=envelope_keys(),
        matches=(lambda entries: matcher(member, entries)) if member else (lambda entries: False),
        prefer_fallback=frozenset() if member else MEMBER_FIELDS,
    )


def edition_body(
    *, subject: str, language: str, member: Member | None, blocks: list[JsonObject], notes: list[JsonObject]
) -> JsonObject:
    """The body of an edition, as stored and as rendered."""
    return {
        "subject": subject,
        "language": language,
        "member": member.code if member else None,
        "blocks": blocks,
        "notes": notes,
    }


def version_payload(
    *, letter: int, version: int, subjects: dict[str, str], evidence: list[JsonObject], editions: list[str]
) -> JsonObject:
    """What a version's hash covers. `editions` are the hashes of all editions, in any order."""
    return {
        "letter": letter,
        "version": version,
        "subjects": subjects,
        "evidence": evidence,
        "editions": sorted(editions),
    }


def version_bytes(version: LetterVersion) -> bytes:
    """Canonical JSON whose sha256 is `version.sha256`: anybody can compute it again."""
    hashes = list(version.editions.values_list("sha256", flat=True))
    return canonical_json(
        version_payload(
            letter=version.letter.number,
            version=version.number,
            subjects=version.subjects,
            evidence=version.evidence,
            editions=hashes,
        )
    )


def evidence_snapshot(facts: list[Fact], notes: dict[str, JsonObject]) -> list[JsonObject]:
    """The snapshot of cited facts, by key. `notes` are the facts' footnotes in the letter's first language.

    Numbers with a fraction become text, since they have no canonical form otherwise.
    """
    return [
        {
            "fact": fact.key,
            "number": fact.stored_number,
            "revision": fact.revision,
            "statement": fact.statement,
            "figures": _without_fractions(fact.figures),
            "source": {"key": fact.source.key, "citation": notes[fact.key]["text"], "url": notes[fact.key]["url"]},
        }
        for fact in sorted(facts, key=lambda fact: fact.key)
    ]


def _without_fractions(value: Any) -> Any:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dict):
        return {key: _without_fractions(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_fractions(inner) for inner in value]
    return value
