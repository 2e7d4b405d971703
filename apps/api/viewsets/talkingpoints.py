"""Points, facts and their sources."""

from django.db.models import Count, Q, QuerySet

from apps.sources.models import Source
from apps.talkingpoints.models import Fact, TalkingPoint
from apps.talkingpoints.selectors import facts_narrowed

from ..serializers import talkingpoints
from .base import CampaignViewSet


class SourceViewSet(CampaignViewSet[Source]):
    """Where the campaign's facts come from, by key."""

    serializer_class = talkingpoints.SourceSerializer
    list_query_serializer = talkingpoints.SourceQuerySerializer
    lookup_field = "key"
    lookup_description = "The source's key, as facts and positions name it."

    def get_queryset(self) -> QuerySet[Source]:
        return Source.objects.filter(campaign=self.campaign, **self.lookups(kind="kind")).order_by("key")


class PointViewSet(CampaignViewSet[TalkingPoint]):
    """The campaign's arguments, by number."""

    serializer_class = talkingpoints.PointSerializer
    list_query_serializer = talkingpoints.PointQuerySerializer
    lookup_field = "number"
    lookup_value_converter = "int"
    lookup_description = "The point's number."

    def get_queryset(self) -> QuerySet[TalkingPoint]:
        in_force = Count("facts", filter=Q(facts__retired_at__isnull=True))
        found = TalkingPoint.objects.filter(campaign=self.campaign).annotate(fact_count=in_force).order_by("number")
        found = found.prefetch_related("translations")
        return found.filter(topics__contains=[self.params["topic"]]) if "topic" in self.params else found


class FactViewSet(CampaignViewSet[Fact]):
    """The campaign's facts, by point and position. A single one is found whether in use or retired."""

    serializer_class = talkingpoints.FactSerializer
    list_query_serializer = talkingpoints.FactQuerySerializer
    lookup_field = "key"
    lookup_description = "The fact's key, as citations name it."

    def get_queryset(self) -> QuerySet[Fact]:
        params = self.params
        names = ("topic", "member", "group", "kind", "verification")
        found = facts_narrowed(
            Fact.objects.filter(campaign=self.campaign), **self.lookups(**{name: name for name in names})
        ).filter(**self.lookups(point="point__number"))
        if "source" in params:  # as a condition on ids, so that no fact is found twice
            further = Fact.objects.filter(campaign=self.campaign, additional_sources__key=params["source"])
            found = found.filter(Q(source__key=params["source"]) | Q(pk__in=further.values("pk")))
        if params.get("retired", "all") != "all":
            found = found.filter(retired_at__isnull=params["retired"] == "false")
        found = found.select_related("point", "source").prefetch_related("additional_sources")
        return found.order_by("point__number", "position", "pk")
