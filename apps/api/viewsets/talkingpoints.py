"""Points, facts and their sources."""

from collections.abc import Callable

from django.db.models import Count, Q, QuerySet
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.campaigns.scopes import Scope
from apps.core.types import JsonObject
from apps.sources.models import Source
from apps.sources.services import source_check, source_fingerprint, source_save
from apps.talkingpoints.models import Fact, TalkingPoint
from apps.talkingpoints.selectors import facts_narrowed
from apps.talkingpoints.services.facts import fact_add, fact_correct, fact_fingerprint, fact_restore, fact_retire
from apps.talkingpoints.services.points import point_add, point_correct, point_fingerprint
from apps.talkingpoints.services.source_corrections import source_correct

from ..bodies import check_form
from ..serializers import talkingpoint_bodies as bodies
from ..serializers import talkingpoints
from .base import CampaignViewSet


class SourceViewSet(CampaignViewSet[Source]):
    """Where the campaign's facts come from, by key."""

    serializer_class = talkingpoints.SourceSerializer
    licensed = True
    list_query_serializer = talkingpoints.SourceQuerySerializer
    lookup_field = "key"
    lookup_description = "The source's key, as facts and positions name it."
    write_scope = Scope.POINTS_WRITE
    body_serializers = {"create": bodies.SourceBody, "partial_update": bodies.SourceBody, "check": bodies.CheckBody}

    def get_queryset(self) -> QuerySet[Source]:
        return Source.objects.filter(campaign=self.campaign, **self.lookups(kind="kind")).order_by("key")

    def create(self, request: Request, **_parts: object) -> Response:
        """Add a source. Its key is made from the title and never changes."""
        return self.answer(source_save(campaign=self.campaign, actor=self.actor, **self._values(None)))

    def partial_update(self, request: Request, **_parts: object) -> Response:
        """Correct a source. Facts whose footnote changes by it get a new revision."""
        source = self.get_object_to_change()
        seen = source_fingerprint(source)
        saved, _marked = source_correct(source=source, actor=self.actor, seen=seen, **self._values(source))
        return self.answer(saved)

    @action(detail=True, methods=["post"])
    def check(self, request: Request, **_parts: object) -> Response:
        """Record that somebody opened the source on a day and found what it is cited for. An earlier day than the one
        recorded changes nothing."""
        source = self.get_object_to_change()
        source_check(source=source, actor=self.actor, on=self.body["on"])
        return self.answer(source)

    def _values(self, source: Source | None) -> JsonObject:
        form = bodies.SourceBody.form_of(self.body, source)
        check_form(form)
        return form.values()


class PointViewSet(CampaignViewSet[TalkingPoint]):
    """The campaign's arguments, by number."""

    serializer_class = talkingpoints.PointSerializer
    licensed = True
    list_query_serializer = talkingpoints.PointQuerySerializer
    lookup_field = "number"
    lookup_value_converter = "int"
    lookup_description = "The point's number."
    write_scope = Scope.POINTS_WRITE
    body_serializers = {"create": bodies.PointBody, "partial_update": bodies.PointChangeBody}

    def get_queryset(self) -> QuerySet[TalkingPoint]:
        in_force = Count("facts", filter=Q(facts__retired_at__isnull=True))
        found = TalkingPoint.objects.filter(campaign=self.campaign).annotate(fact_count=in_force).order_by("number")
        found = found.prefetch_related("translations")
        return found.filter(topics__contains=[self.params["topic"]]) if "topic" in self.params else found

    def create(self, request: Request, **_parts: object) -> Response:
        """Add a point."""
        return self.answer(point_add(campaign=self.campaign, actor=self.actor, **_point_arguments(self.body)))

    def partial_update(self, request: Request, **_parts: object) -> Response:
        """Correct a point. Its translations are marked as out of step where title or claim change."""
        point = self.get_object_to_change()
        labels = point.extra.get("labels", {})
        values = {"topics": [labels.get(slug, slug) for slug in point.topics], **_point_arguments(self.body)}
        return self.answer(point_correct(point=point, actor=self.actor, seen=point_fingerprint(point), **values))


def _point_arguments(values: JsonObject) -> JsonObject:
    """Those of the services."""
    names = {"groups": "related_groups", "members": "related_countries"}
    return {names.get(name, name): value for name, value in values.items()}


class FactViewSet(CampaignViewSet[Fact]):
    """The campaign's facts, by point and position. A single one is found whether in use or retired."""

    serializer_class = talkingpoints.FactSerializer
    licensed = True
    list_query_serializer = talkingpoints.FactQuerySerializer
    lookup_field = "key"
    lookup_description = "The fact's key, as citations name it."
    write_scope = Scope.POINTS_WRITE
    body_serializers = {
        "create": bodies.FactBody,
        "partial_update": bodies.FactChangeBody,
        "retire": bodies.ReasonBody,
        "restore": bodies.ReasonBody,
    }

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

    def create(self, request: Request, **_parts: object) -> Response:
        """Add a fact, the last under its point, with a key that never changes."""
        body: JsonObject = {"point": None, "verification": Fact.Verification.UNVERIFIED, **self.body}
        where = body.pop("where", "")
        locator = {"where": where} if where else {}
        return self.answer(fact_add(campaign=self.campaign, actor=self.actor, locator=locator, **body))

    def partial_update(self, request: Request, **_parts: object) -> Response:
        """Correct a fact. Its history keeps what it said before, and the reason; a change of what it says makes a new
        revision, which drafts show."""
        fact, body = self.get_object_to_change(), dict(self.body)
        if "where" in body:
            kept = {name: value for name, value in fact.locator.items() if name != "where"}
            where = body.pop("where")
            body["locator"] = {**kept, "where": where} if where else kept
        reason = body.pop("reason", "")  # the service asks for it
        seen = fact_fingerprint(fact)
        return self.answer(fact_correct(fact=fact, actor=self.actor, seen=seen, reason=reason, **body))

    @action(detail=True, methods=["post"])
    def retire(self, request: Request, **_parts: object) -> Response:
        """Take a fact out of use: letters can no longer be frozen with it."""
        return self._decide(fact_retire)

    @action(detail=True, methods=["post"])
    def restore(self, request: Request, **_parts: object) -> Response:
        """Put a retired fact back into use."""
        return self._decide(fact_restore)

    def _decide(self, service: Callable[..., Fact]) -> Response:
        fact = self.get_object_to_change()
        return self.answer(service(fact=fact, actor=self.actor, seen=fact_fingerprint(fact), **self.body))
