"""Organisations that have signed, and coalitions."""

from django.db.models import Count, Exists, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property

from apps.campaigns.roles import Permission
from apps.campaigns.scopes import Scope
from apps.coalitions.models import Coalition, Organisation, SignOnQuerySet
from apps.coalitions.selectors.organisations import organisations_narrowed
from apps.coalitions.selectors.sign_ons import named_to_programs

from ..serializers import organisations
from .base import CampaignViewSet


class OrganisationsOfToken[M: Model](CampaignViewSet[M]):
    """What concerns the organisations of which the token sees the names of some signature."""

    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_converter = "int"

    @cached_property
    def named(self) -> SignOnQuerySet:
        contacts = Scope.SIGN_ONS_READ in self.token.scopes and self.token.membership.may(Permission.SEE_CONTACTS)
        return named_to_programs(self.campaign, with_contacts=contacts)

    @property
    def organisations(self) -> QuerySet[Organisation]:
        signed = self.named.filter(organisation=OuterRef("pk"))
        return Organisation.objects.whole().filter(Exists(signed), campaign=self.campaign)


class OrganisationViewSet(OrganisationsOfToken[Organisation]):
    """The organisations that have signed, by name: those that a public list names; with the scope sign_ons:read and a
    role that sees contact data, also those that only governments see."""

    serializer_class = organisations.OrganisationSerializer
    list_query_serializer = organisations.OrganisationQuerySerializer
    lookup_description = "The organisation's number, as in the list."

    def get_queryset(self) -> QuerySet[Organisation]:
        params = self.params
        found = organisations_narrowed(
            self.campaign, self.organisations, words=params.get("q", ""), country=params.get("country", ""),
            coalition=params.get("coalition"),
        )  # fmt: skip
        counted = self.named.confirmed().filter(organisation=OuterRef("pk")).order_by().values("organisation")
        letters = Subquery(counted.annotate(n=Count("letter", distinct=True)).values("n"))
        found = found.annotate(letters=Coalesce(letters, 0)).prefetch_related("coalitions")
        return found.order_by("name_key", "id")


class CoalitionViewSet(OrganisationsOfToken[Coalition]):
    """Alliances and networks, by name: those of the organisations in `organisations`."""

    serializer_class = organisations.CoalitionSerializer
    lookup_description = "The coalition's number, as in the list."

    def get_queryset(self) -> QuerySet[Coalition]:
        found = Coalition.objects.filter(campaign=self.campaign, organisations__in=self.organisations)
        return found.annotate(organisation_count=Count("organisations", distinct=True)).order_by("name", "id")
