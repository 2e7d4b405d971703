"""Organisations that a campaign knows from earlier signatures, for the list of those to invite."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.campaigns.models import Campaign, TeamMember

from ..models import Organisation, SignOn, SignOnCall, SignOnQuerySet
from ..models.sign_ons import WITHOUT_ADDRESS
from .organisations import organisations_found


def invitable_organisations(
    member: TeamMember, call: SignOnCall, *, words: str = "", country: str = "", coalition: int | None = None
) -> QuerySet[Organisation]:
    """Those that the person may see, by name, with `signed` where the organisation counts for this letter already, and
    `reachable` where a representative's address may be used."""
    counted = SignOn.objects.confirmed().filter(Q(call=call) | Q(covers__version=call.version_id))
    found = organisations_found(member, words=words, country=country, coalition=coalition)
    return found.annotate(
        signed=Exists(counted.filter(organisation=OuterRef("pk"))),
        reachable=Exists(_willing().filter(organisation=OuterRef("pk"))),
    ).order_by("name_key", "pk")


def representatives(campaign: Campaign, organisations: Collection[Organisation]) -> dict[int, SignOn]:
    """{id of an organisation: the latest signature whose signer asked to hear of other letters}. Nobody else's address
    is used for an invitation."""
    rows = _willing().filter(campaign=campaign, organisation__in=[each.pk for each in organisations])
    return {row.organisation_id or 0: row for row in rows.order_by("organisation_id", "confirmed_at", "pk")}


def _willing() -> SignOnQuerySet:
    """A deleted address has no consent left."""
    rows = SignOn.objects.confirmed().filter(kind=SignOn.Kind.ORGANISATION, wants_letters=True)
    return rows.exclude(email_hash__startswith=WITHOUT_ADDRESS)
