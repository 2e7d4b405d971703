"""Sources."""

from django.db.models import QuerySet

from apps.sources.models import Source

from ..serializers.sources import SourceQuerySerializer, SourceSerializer
from .base import CampaignViewSet


class SourceViewSet(CampaignViewSet[Source]):
    """Where the campaign's facts come from, by key."""

    serializer_class = SourceSerializer
    list_query_serializer = SourceQuerySerializer
    lookup_field = "key"
    lookup_description = "The source's key, as facts and positions name it."

    def get_queryset(self) -> QuerySet[Source]:
        return Source.objects.filter(campaign=self.campaign, **self.lookups(kind="kind")).order_by("key")
