"""The read API of points and facts."""

from django.db.models import Count, Q, QuerySet

from apps.talkingpoints.models import Fact, TalkingPoint
from apps.talkingpoints.selectors import facts_narrowed

from ..serializers.talkingpoints import FactQuerySerializer, FactSerializer, PointQuerySerializer, PointSerializer
from .base import CampaignViewSet


class PointViewSet(CampaignViewSet):
    """The campaign's arguments, by number."""

    serializer_class = PointSerializer
    list_query_serializer = PointQuerySerializer
    lookup_field = "number"
    lookup_value_converter = "int"
    lookup_description = "The point's number."

    def get_queryset(self) -> QuerySet[TalkingPoint]:
        in_force = Count("facts", filter=Q(facts__retired_at__isnull=True))
        found = TalkingPoint.objects.filter(campaign=self.campaign).annotate(fact_count=in_force).order_by("number")
        found = found.prefetch_related("translations")
        return found.filter(topics__contains=[self.params["topic"]]) if "topic" in self.params else found


class FactViewSet(CampaignViewSet):
    """The campaign's facts, by point and place. A single one is found whether in force or retired."""

    serializer_class = FactSerializer
    list_query_serializer = FactQuerySerializer
    lookup_field = "key"
    lookup_value_converter = "str"
    lookup_description = "The fact's key, as citations name it."

    def get_queryset(self) -> QuerySet[Fact]:
        params = self.params
        found = (
            Fact.objects.filter(campaign=self.campaign)
            .select_related("point", "source")
            .prefetch_related("additional_sources")
            .order_by("point__number", "position", "pk")
        )
        names = ("topic", "member", "group", "kind", "verification")
        found = facts_narrowed(found, **{name: params[name] for name in names if name in params})
        # no fact is found twice by a filter: each is about the fact's own columns, its point's, or ids
        for condition in self.conditions():
            found = found.filter(condition)
        return found

    def conditions(self) -> list[Q]:
        """Filters that only the API has."""
        params, found = self.params, []
        if "point" in params:
            found.append(Q(point__number=params["point"]))
        if "source" in params:
            further = Fact.objects.filter(campaign=self.campaign, additional_sources__key=params["source"])
            found.append(Q(source__key=params["source"]) | Q(pk__in=further.values("pk")))
        if params.get("retired", "all") != "all":
            found.append(Q(retired_at__isnull=params["retired"] == "false"))
        return found
