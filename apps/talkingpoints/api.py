"""The read API of points and facts."""

from django.db.models import Count, Q, QuerySet

from apps.campaigns.api import ReadEndpoint

from .models import Fact, TalkingPoint
from .selectors import facts_narrowed
from .serializers import FactRow, FactsQuestion, PointRow, PointsQuestion


class Points(ReadEndpoint):
    """The campaign's arguments, by number."""

    serializer_class = PointRow
    list_question = PointsQuestion
    lookup_field = "number"
    lookup_value_converter = "int"
    lookup_words = "The point's number."

    def rows(self) -> QuerySet[TalkingPoint]:
        in_force = Count("facts", filter=Q(facts__retired_at__isnull=True))
        found = TalkingPoint.objects.filter(campaign=self.campaign).annotate(fact_count=in_force).order_by("number")
        found = found.prefetch_related("translations")
        return found.filter(topics__contains=[self.asked["topic"]]) if "topic" in self.asked else found


class Facts(ReadEndpoint):
    """The campaign's facts, by point and place. A single one is found whether in force or retired."""

    serializer_class = FactRow
    list_question = FactsQuestion
    lookup_field = "key"
    lookup_value_converter = "str"
    lookup_words = "The fact's key, as citations name it."

    def rows(self) -> QuerySet[Fact]:
        asked = self.asked
        found = (
            Fact.objects.filter(campaign=self.campaign)
            .select_related("point", "source")
            .prefetch_related("additional_sources")
            .order_by("point__number", "position", "pk")
        )
        names = ("topic", "member", "group", "kind", "verification")
        found = facts_narrowed(found, **{name: asked[name] for name in names if name in asked})
        # no fact is found twice by a filter: each is about the fact's own columns, its point's, or ids
        for condition in self.conditions():
            found = found.filter(condition)
        return found

    def conditions(self) -> list[Q]:
        """What only the API can be asked for."""
        asked, found = self.asked, []
        if "point" in asked:
            found.append(Q(point__number=asked["point"]))
        if "source" in asked:
            further = Fact.objects.filter(campaign=self.campaign, additional_sources__key=asked["source"])
            found.append(Q(source__key=asked["source"]) | Q(pk__in=further.values("pk")))
        if asked.get("retired", "all") != "all":
            found.append(Q(retired_at__isnull=asked["retired"] == "false"))
        return found
