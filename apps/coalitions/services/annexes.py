"""Freezing the list of signatories (annex): one fingerprint is published, and each name can be proved or erased."""

from collections import Counter
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.audit import audit_record
from apps.core.canonical_json import canonical_json, sha256_hex
from apps.core.errors import Conflict
from apps.core.territories import INTERNATIONAL, territory_sort_key
from apps.core.types import Actor, JsonObject
from apps.letters.models import Letter, LetterVersion

from ..models import Annex, AnnexEntry, AnnexName, SignOn, SignOnQuerySet
from ..selectors.annexes import late_signatures

BATCH = 2000


class NobodyNew(Conflict):
    default_message = _("Nobody has signed since the last list was frozen.")


@transaction.atomic
def annex_freeze(*, version: LetterVersion, actor: Actor) -> Annex:
    """Freeze the confirmed signatures to this text: names that governments may see, and counts of the others. Not while
    a correction carries signatures over."""
    Letter.objects.select_for_update(no_key=True).get(pk=version.letter_id)
    return _freeze(version, actor, _in_order(SignOn.objects.covering(version)))


@transaction.atomic
def addendum_freeze(*, annex: Annex, actor: Actor) -> Annex:
    """Freeze the signatures that came after the list `annex` and its addenda. Raises NobodyNew."""
    Letter.objects.select_for_update(no_key=True).get(pk=annex.letter_id)  # of two at once, the second finds nobody
    sign_ons = _in_order(late_signatures(annex))
    if not sign_ons:
        raise NobodyNew
    return _freeze(annex.version, actor, sign_ons, supplements=annex)


def _freeze(version: LetterVersion, actor: Actor, sign_ons: list[Any], supplements: Annex | None = None) -> Annex:
    commitments = [commitment(sign_on) for sign_on in sign_ons]
    counts = _counts(sign_ons)
    content: JsonObject = {"counts": counts, "commitments": commitments}
    if supplements is not None:
        content["supplements"] = supplements.sha256
    annex = Annex.objects.create(
        campaign_id=version.letter.campaign_id, letter=version.letter, version=version, frozen_at=timezone.now(),
        supplements=supplements, counts=counts, sha256=sha256_hex(canonical_json(content)),
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
                entry=entry, salt=sign_on.salt, name=sign_on.printed_name,
                public=sign_on.visibility == SignOn.Visibility.PUBLIC,
            )
            for entry, sign_on in zip(entries, sign_ons, strict=True)
            if entry.named
        ],
        batch_size=BATCH,
    )  # fmt: skip
    audit_record(
        verb="annex.supplement" if supplements else "annex.freeze", subject=annex, actor=actor, version=version.number,
        sha256=annex.sha256, organisations=counts["organisations"], people=counts["people"],
        countries=counts["countries"],
    )  # fmt: skip
    return annex


def commitment(sign_on: SignOn) -> str:
    """SHA-256 of the salt and the printed name: proves the name to people who have both."""
    return sha256_hex((sign_on.salt + sign_on.printed_name).encode())


def annex_names_remove(sign_on_id: int) -> None:
    _names(sign_on_id).delete()


def annex_names_restore(sign_on: SignOn) -> None:
    """Give frozen annexes the name back that was removed, where it is still the one that they commit to."""
    entries = AnnexEntry.objects.filter(sign_on_id=sign_on.pk, named=True, commitment=commitment(sign_on))
    for entry in entries.filter(name__isnull=True):
        AnnexName.objects.create(
            entry=entry, salt=sign_on.salt, name=sign_on.printed_name,
            public=sign_on.visibility == SignOn.Visibility.PUBLIC,
        )  # fmt: skip


def annex_names_narrow(sign_on: SignOn) -> None:
    """Make the names in frozen annexes no more visible than the signature."""
    if sign_on.visibility == SignOn.Visibility.COUNTED:
        annex_names_remove(sign_on.pk)
    if sign_on.visibility == SignOn.Visibility.GOVERNMENT:
        _names(sign_on.pk).update(public=False)


def _names(sign_on_id: int) -> QuerySet[AnnexName]:
    return AnnexName.objects.filter(entry__in=AnnexEntry.objects.filter(sign_on_id=sign_on_id).values("id"))


def _in_order(sign_ons: SignOnQuerySet) -> list[Any]:
    """The confirmed ones with `shown`, whether governments may see the name, in one statement."""
    shown = Exists(SignOn.objects.named_to_governments().filter(pk=OuterRef("pk")))
    rows = sign_ons.confirmed().annotate(shown=shown).defer("email", "person_post")
    return sorted(rows, key=lambda row: (territory_sort_key(row.country), row.name_key, row.pk))


def _counts(sign_ons: list[Any]) -> JsonObject:
    by_country = dict(Counter(sign_on.country for sign_on in sign_ons))
    people = sum(sign_on.kind == SignOn.Kind.PERSON for sign_on in sign_ons)
    return {
        "organisations": len(sign_ons) - people,
        "people": people,
        "countries": len(by_country.keys() - {INTERNATIONAL}),
        "by_country": by_country,
        "unnamed": sum(not sign_on.shown for sign_on in sign_ons),
    }
