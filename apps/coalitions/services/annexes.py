"""Freezing the list of signatories, so that one number is published and every name can be proved or erased."""

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from apps.core.audit import audit_record
from apps.core.canonical import canonical_json, sha256_hex
from apps.core.territories import territory_sort_key
from apps.letters.models import LetterVersion

from ..models import Annex, AnnexEntry, AnnexName, SignOn

BATCH = 2000


@transaction.atomic
def annex_freeze(*, version: LetterVersion, actor: Any) -> Annex:
    """The confirmed signatures to this text as of now, by country and name, with counts, commitments and a hash.

    Named are those whom governments may see named; the others are counted. Every figure comes from the same rows.
    """
    sign_ons = _in_order(version)
    commitments = [commitment(sign_on) for sign_on in sign_ons]
    counts = _counts(sign_ons)
    annex = Annex.objects.create(
        campaign_id=version.letter.campaign_id, letter=version.letter, version=version, frozen_at=timezone.now(),
        counts=counts, sha256=sha256_hex(canonical_json({"counts": counts, "commitments": commitments})),
    )  # fmt: skip
    entries = AnnexEntry.objects.bulk_create(
        [
            AnnexEntry(
                annex=annex, position=position, sign_on_id=sign_on.pk, kind=sign_on.kind, country=sign_on.country,
                named=sign_on.shown, commitment=commitments[position - 1],
            )
            for position, sign_on in enumerate(sign_ons, start=1)
        ],
        batch_size=BATCH,
    )  # fmt: skip
    AnnexName.objects.bulk_create(
        [
            AnnexName(
                entry=entry, salt=sign_on.salt, name=annex_name(sign_on),
                public=sign_on.visibility == SignOn.Visibility.PUBLIC,
            )
            for entry, sign_on in zip(entries, sign_ons, strict=True)
            if entry.named
        ],
        batch_size=BATCH,
    )  # fmt: skip
    audit_record(
        verb="annex.freeze", subject=annex, actor=actor, version=version.number, sha256=annex.sha256,
        organisations=counts["organisations"], people=counts["people"], countries=counts["countries"],
    )  # fmt: skip
    return annex


def commitment(sign_on: SignOn) -> str:
    """sha256 of the salt and the name as annexes print it: proves a name to who holds both, tells nobody else."""
    return sha256_hex((sign_on.salt + annex_name(sign_on)).encode())


def annex_name(sign_on: SignOn) -> str:
    """ "किसान डेटा मंच (Farmers’ Data Forum)": the own name, and the English one behind it."""
    english = sign_on.org_name_english if sign_on.kind == SignOn.Kind.ORGANISATION else ""
    return f"{sign_on.own_name} ({english})" if english and english != sign_on.own_name else sign_on.own_name


def _in_order(version: LetterVersion) -> list[Any]:
    """Signatures with `shown`: whether governments may see the name. One statement, so one moment."""
    shown = Exists(SignOn.objects.named_to_governments().filter(pk=OuterRef("pk")))
    rows = SignOn.objects.confirmed().covering(version).annotate(shown=shown).defer("email", "person_post")
    return sorted(rows, key=lambda row: (territory_sort_key(row.country), row.name_key, row.pk))


def _counts(sign_ons: list[Any]) -> dict[str, Any]:
    by_country: dict[str, int] = {}
    for sign_on in sign_ons:
        by_country[sign_on.country] = by_country.get(sign_on.country, 0) + 1
    people = sum(sign_on.kind == SignOn.Kind.PERSON for sign_on in sign_ons)
    return {
        "organisations": len(sign_ons) - people,
        "people": people,
        "countries": len(by_country),
        "by_country": by_country,
        "unnamed": sum(not sign_on.shown for sign_on in sign_ons),
    }
