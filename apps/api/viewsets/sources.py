"""The read API of sources."""

from django.db.models import QuerySet

from apps.sources.models import Source

from ..serializers.sources import SourceQuerySerializer, SourceSerializer
from .base import CampaignViewSet


class SourceViewSet(CampaignViewSet):
    """Where the campaign's facts come from, by key."""

    serializer_class = SourceSerializer
    list_query_serializer = SourceQuerySerializer
    lookup_field = "key"
    lookup_value_converter = "str"
    lookup_description = "The source's key, as facts and positions name it."

    def get_queryset(self) -> QuerySet[Source]:
        found = Source.objects.filter(campaign=self.campaign).order_by("key")
        return found.filter(kind=self.params["kind"]) if "kind" in self.params else found
