"""Mailings, and whom they leave out."""

from typing import Any

from django.db.models import QuerySet

from apps.core.types import JsonObject
from apps.outreach.models import Dispatch, Exclusion
from apps.outreach.selectors.dispatch_counts import DispatchCounts, dispatch_counts
from apps.outreach.selectors.dispatches import dispatch_summaries

from ..serializers import outreach
from .base import CampaignViewSet


class DispatchViewSet(CampaignViewSet[Dispatch]):
    """Mailings, the latest first."""

    serializer_class = outreach.DispatchSerializer
    list_query_serializer = outreach.DispatchQuerySerializer
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_converter = "int"
    lookup_description = "The mailing's number, as in the list."

    def get_queryset(self) -> QuerySet[Dispatch]:
        found = dispatch_summaries(self.campaign).filter(**self.lookups(letter="letter__number", state="state"))
        return found.select_related(None).select_related("letter", "version").defer("version__evidence")

    def paginate_queryset(self, queryset: Any) -> Any:
        rows = super().paginate_queryset(queryset)
        self.counts = dispatch_counts(rows or [])
        return rows

    def get_object(self) -> Dispatch:
        found = super().get_object()
        self.counts = dispatch_counts([found])
        return found

    def get_serializer_context(self) -> JsonObject:
        counts: dict[int, DispatchCounts] = getattr(self, "counts", {})
        return {**super().get_serializer_context(), "counts": counts}


class LeftOutViewSet(CampaignViewSet[Exclusion]):
    """Governments and recipients that get no letter of a mailing, with the reason; of the latest mailing first."""

    serializer_class = outreach.LeftOutSerializer
    list_query_serializer = outreach.LeftOutQuerySerializer
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_converter = "int"
    lookup_description = "The row's number, as in the list."

    def get_queryset(self) -> QuerySet[Exclusion]:
        lookups = self.lookups(dispatch="dispatch", member="member__code", reason="reason")
        found = Exclusion.objects.filter(dispatch__campaign=self.campaign, **lookups)
        found = found.select_related("member", "recipient__office").defer("recipient__name", "recipient__phone")
        return found.order_by("-dispatch", "member__sort_en", "pk")

    def get_serializer_context(self) -> JsonObject:
        return {**super().get_serializer_context(), "campaign": self.campaign}
