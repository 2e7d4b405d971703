"""Offices and recipients. All of it is contact data."""

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from apps.campaigns.scopes import Scope
from apps.governments.models import Office, Recipient, RecipientAddress

from ..serializers import recipients
from .base import CampaignViewSet


class OfficeViewSet(CampaignViewSet[Office]):
    """The offices of governments, by government. One is changed with its recipients."""

    serializer_class = recipients.OfficeSerializer
    list_query_serializer = recipients.OfficeQuerySerializer
    read_scope = Scope.RECIPIENTS_READ
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_converter = "int"
    lookup_description = "The office's number, as in the list."

    def get_queryset(self) -> QuerySet[Office]:
        found = Office.objects.filter(campaign=self.campaign, **self.lookups(member="member__code", kind="kind"))
        return found.select_related("member").order_by("member__sort_en", "kind", "name", "pk")


class RecipientViewSet(CampaignViewSet[Recipient]):
    """Whom letters go to, by government. A single one is found also when it was retired."""

    serializer_class = recipients.RecipientSerializer
    list_query_serializer = recipients.RecipientQuerySerializer
    read_scope = Scope.RECIPIENTS_READ
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_converter = "int"
    lookup_description = "The recipient's number, as in the list."

    def get_queryset(self) -> QuerySet[Recipient]:
        names = {"member": "office__member__code", "kind": "office__kind", "office": "office", "language": "language"}
        found = Recipient.objects.filter(campaign=self.campaign, **self.lookups(**names))
        if self.params.get("active", "all") != "all":
            found = found.filter(active=self.params["active"] == "true")
        if "address" in self.params:
            usable = Exists(RecipientAddress.objects.usable().filter(recipient=OuterRef("pk")))
            found = found.filter(usable if self.params["address"] == "usable" else ~usable)
        addresses = Prefetch("addresses", RecipientAddress.objects.with_suppressed())
        found = found.select_related("office__member").prefetch_related(addresses)
        return found.order_by("office__member__sort_en", "office__kind", "pk")
