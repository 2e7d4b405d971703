"""Pages of organisations: the list, one with its people, and two beside each other before a merge."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Permission

from ..models import Coalition, Organisation, OrganisationMerge, SignOn, SignOnQuerySet
from ..selectors.organisations import (
    SimilarOrganisation,
    alike,
    organisation_groups,
    organisation_subject,
    organisations_found,
    organisations_visible_to,
    with_signature_counts,
)
from ..selectors.sign_ons import names_visible_to

PER_PAGE = 50


@dataclass(frozen=True)
class OrganisationRow:
    organisation: Organisation
    alike: list[SimilarOrganisation]


@dataclass(frozen=True)
class OrganisationList:
    page: Page[Organisation]
    rows: list[OrganisationRow]
    #: (code, number) and (coalition, number), only those that occur
    countries: list[tuple[str, int]]
    coalitions: list[tuple[Coalition, int]]
    #: organisations that this person may not see named
    unnamed: int


@dataclass(frozen=True)
class OrganisationPage:
    organisation: Organisation
    #: names under which a signature is this organisation's, and the merges they come from
    names: list[tuple[Organisation, OrganisationMerge | None]]
    sign_ons: list[SignOn]
    sign_on_names: dict[int, str]
    alike: list[SimilarOrganisation]


@dataclass(frozen=True)
class MergePage:
    kept: Organisation
    other: Organisation
    signed: dict[int, list[SignOn]]
    #: counted signatures of the other one to letters that the kept one has signed too: they no longer count
    not_counted: list[SignOn]
    moved: int


def organisation_list(
    membership: TeamMember, *, words: str, country: str, coalition: int | None, number: int | None
) -> OrganisationList:
    """Page `number` of the organisations, by name, that have the words in one of their names."""
    visible = organisations_visible_to(membership)
    countries, coalitions = organisation_groups(visible)
    found = organisations_found(membership, words=words, country=country, coalition=coalition)
    page = Paginator(with_signature_counts(found).order_by("name_key", "pk"), PER_PAGE).get_page(number)
    likes = _alike(membership, list(page.object_list))
    rows = [OrganisationRow(organisation, likes.get(organisation.pk, [])) for organisation in page.object_list]
    every = Organisation.objects.whole().filter(campaign=membership.campaign).count()
    return OrganisationList(page, rows, countries, coalitions, every - sum(number for _code, number in countries))


def _alike(membership: TeamMember, organisations: list[Organisation]) -> dict[int, list[SimilarOrganisation]]:
    """For moderators; others would read names that are not public."""
    if not membership.may(Permission.MODERATE):
        return {}
    return alike(membership.campaign, map(organisation_subject, organisations))


def organisation_page(membership: TeamMember, organisation: Organisation) -> OrganisationPage:
    merges = OrganisationMerge.objects.filter(kept=organisation, undone_at=None).select_related("actor")
    of_merge = {merge.other_id: merge for merge in merges}
    sign_ons = _signatures(organisation)
    if membership.may(Permission.SEE_CONTACTS):
        names = [(row, of_merge.get(row.pk)) for row in organisation.merged.order_by("name_key")]
    else:
        names, sign_ons = [], sign_ons.named_publicly()
    shown = names_visible_to(membership, sign_ons)
    likes = _alike(membership, [organisation]).get(organisation.pk, [])
    return OrganisationPage(organisation, names, list(sign_ons), shown, likes)


def merge_page(kept: Organisation, other: Organisation) -> MergePage:
    """What a merge of `other` into `kept` will do."""
    signed = {row.pk: list(_signatures(row)) for row in (kept, other)}
    letters = {row.letter_id for row in signed[kept.pk] if row.state == SignOn.State.CONFIRMED}
    twice = [row for row in signed[other.pk] if row.state == SignOn.State.CONFIRMED and row.letter_id in letters]
    return MergePage(kept, other, signed, twice, len(signed[other.pk]))


def _signatures(organisation: Organisation) -> SignOnQuerySet:
    rows = SignOn.objects.filter(organisation=organisation).select_related("campaign", "call", "letter", "version")
    return rows.exclude(state=SignOn.State.PENDING).order_by("letter__number", "confirmed_at", "pk")
