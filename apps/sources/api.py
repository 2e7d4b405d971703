"""The read API of sources."""

from django.db.models import QuerySet

from apps.campaigns.api import ReadEndpoint

from .models import Source
from .serializers import SourceRow, SourcesQuestion


class Sources(ReadEndpoint):
    """Where the campaign's facts come from, by key."""

    serializer_class = SourceRow
    list_question = SourcesQuestion
    lookup_field = "key"
    lookup_value_converter = "str"
    lookup_words = "The source's key, as facts and positions name it."

    def rows(self) -> QuerySet[Source]:
        found = Source.objects.filter(campaign=self.campaign).order_by("key")
        return found.filter(kind=self.asked["kind"]) if "kind" in self.asked else found
