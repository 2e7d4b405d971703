"""Frozen versions and their editions."""

import re
from collections.abc import Container, Iterator, Mapping

from django.db.models import F, QuerySet

from apps.campaigns.models import Campaign
from apps.core.canonical_json import canonical_json
from apps.core.languages import primary_language
from apps.governments.models import Member

from ..edition_content import version_payload
from ..merge_fields import envelope_values
from ..models import Edition, FrozenSource, LetterText, LetterVersion
from ..models.versions import CODE_LENGTH

CODE = re.compile(f"[0-9a-f]{{{CODE_LENGTH}}}")
#: that are read for a file of all
EDITIONS_AT_ONCE = 50


class NoEdition(LookupError):
    """The version has no edition for this government, nor a general one."""


def versions_with(text: LetterText) -> QuerySet[LetterVersion]:
    """The versions that contain the text, in any form of it; the first one first."""
    return LetterVersion.objects.filter(letter=text.letter_id, subjects__has_key=text.language).order_by("number")


def version_editions(version: LetterVersion) -> QuerySet[Edition]:
    """The general ones first, then by government and language."""
    return version.editions.select_related("member").order_by(F("member__sort_en").asc(nulls_first=True), "language")


def edition_for(version: LetterVersion, member: Member | None, language: str) -> Edition:
    """In this language, a working language of the government, the campaign's first or the letter's first. Raises
    NoEdition."""
    by_language = {edition.language: edition for edition in version.editions.filter(member=member).order_by("language")}
    if not by_language and member is None:
        by_language = {edition.language: edition for edition in version.editions.order_by("language", "id")}
    return edition_among(by_language, version, member, language)


def editions_by_member(version: LetterVersion) -> dict[int | None, dict[str, Edition]]:
    """{id of the member, None for the general ones: {language: edition}}, by one statement."""
    found: dict[int | None, dict[str, Edition]] = {}
    for edition in version.editions.order_by("language", "id"):
        found.setdefault(edition.member_id, {})[edition.language] = edition
    return found


def edition_among(
    by_language: Mapping[str, Edition], version: LetterVersion, member: Member | None, language: str
) -> Edition:
    """As `edition_for`, from those at hand."""
    choice = language_among(by_language, version.letter.campaign, member, language)
    if choice:
        return by_language[choice]
    if not by_language:
        raise NoEdition(f"{version} has no edition for {member}")
    return by_language.get(first_language(version)) or next(iter(by_language.values()))


def editions_by_code(code: str) -> list[Edition]:
    """Of its short address, the last one first: the same text may be frozen several times."""
    if not CODE.fullmatch(code):
        return []
    found = Edition.objects.filter(sha256__gte=code, sha256__lt=f"{code}g").order_by("-version__frozen_at", "-pk")
    return list(found.select_related("member", "version__letter__campaign").defer("version__evidence"))


def edition_envelope(edition: Edition, version: LetterVersion) -> dict[str, str]:
    """What stands for the recipient and the counts of signatories where the text is nobody's in particular."""
    campaign, day = version.letter.campaign, version.frozen_on
    return envelope_values(campaign, edition.member, None, None, language=edition.language, on=day, names=False)


def language_among(available: Container[str], campaign: Campaign, member: Member | None, language: str) -> str:
    """The wanted language, a working language of the government or the campaign's first; "" if none is available."""
    wanted = [language, primary_language(language)]
    if member is not None:
        wanted += [member.working_language, member.working_language_alt]
    return next((choice for choice in [*wanted, *campaign.languages[:1]] if choice in available), "")


def first_language(version: LetterVersion) -> str:
    first = version.letter.texts.order_by("pk").values_list("language", flat=True).first()
    return first or next(iter(version.subjects))


def public_title(version: LetterVersion, language: str) -> str:
    """The subject, if possible in the reader's language. The working title is for the team."""
    subjects: dict[str, str] = version.subjects
    found = subjects.get(language) or subjects.get(primary_language(language))
    return found or subjects.get(first_language(version)) or next(iter(subjects.values()))


def frozen_source(version: LetterVersion) -> FrozenSource | None:
    """None of a version from before it was kept."""
    return FrozenSource.objects.filter(version=version).first()


def version_bytes(version: LetterVersion) -> bytes:
    """The canonical JSON whose SHA-256 is `version.sha256`."""
    hashes = version.editions.values_list("sha256", flat=True)
    return canonical_json(version_payload(version, frozen_source(version), hashes))


def version_lines(version: LetterVersion) -> Iterator[bytes]:
    """`version_bytes`, then the canonical JSON of every text and edition whose hash it lists, each a line."""
    yield version_bytes(version) + b"\n"
    source = frozen_source(version)
    for text in source.texts.values() if source else ():
        yield canonical_json(text) + b"\n"
    bodies = version.editions.order_by("pk").values_list("body", flat=True)
    for body in bodies.iterator(chunk_size=EDITIONS_AT_ONCE):
        yield canonical_json(body) + b"\n"
