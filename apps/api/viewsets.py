"""The views of the API. What changes with time is answered for a day."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Model, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.functional import cached_property
from django.utils.http import quote_etag
from rest_framework import mixins, viewsets
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.campaigns.models import Campaign
from apps.core.canonical_json import sha256_hex
from apps.core.types import JsonObject
from apps.governments.models import Group, GroupMembership, Member, Position
from apps.governments.selectors import members_on, reference_day
from apps.sources.models import Source
from apps.talkingpoints.models import Fact, TalkingPoint
from apps.talkingpoints.selectors import facts_narrowed

from .authentication import BearerAuthentication
from .exceptions import NotFound, exception_handler
from .pagination import Pagination
from .permissions import CanReadCampaign
from .query_params import ListQuerySerializer, QuerySerializer
from .schema import CampaignSchema
from .serializers import governments, talkingpoints
from .throttling import TokenThrottle


class ReadView(APIView):
    """Read only, JSON only, errors as problem documents. `access` says who may ask, as with pages."""

    http_method_names: Sequence[str] = ["get", "head"]
    renderer_classes = [JSONRenderer]
    access = "public"

    @classmethod
    def as_view(cls, *args: Any, **kwargs: Any) -> Any:
        view: Any = super().as_view(*args, **kwargs)
        view.access = cls.access
        return view

    def get_exception_handler(self) -> Callable[..., Response | None]:
        return exception_handler


class CampaignViewSet[M: Model](
    mixins.ListModelMixin, mixins.RetrieveModelMixin, ReadView, viewsets.GenericViewSet[M], ABC
):
    """A list and its rows one by one, of the campaign in the URL, with a token of that campaign."""

    access = "token"
    authentication_classes = [BearerAuthentication]
    permission_classes = [CanReadCampaign]
    throttle_classes = [TokenThrottle]
    pagination_class = Pagination
    schema = CampaignSchema()
    list_query_serializer: type[QuerySerializer] = ListQuerySerializer
    detail_query_serializer: type[QuerySerializer] = QuerySerializer
    lookup_value_converter = "str"
    lookup_description = ""

    @property
    def campaign(self) -> Campaign:
        return self.request.auth.membership.campaign  # type: ignore[union-attr]  # CanReadCampaign requires a token

    @cached_property
    def params(self) -> JsonObject:
        """The checked query parameters."""
        serializer = self.list_query_serializer if self.action == "list" else self.detail_query_serializer
        return serializer.read(self.request.query_params, self.campaign)

    def lookups(self, **names: str) -> JsonObject:
        """{lookup: value} of the parameters that were given, from {name of the parameter: lookup}."""
        return {lookup: self.params[name] for name, lookup in names.items() if name in self.params}

    @abstractmethod
    def get_queryset(self) -> QuerySet[M]:
        """All rows of the campaign that fit `self.params`, in a stable order."""

    def get_object(self) -> M:
        if "\x00" in str(self.kwargs[self.lookup_url_kwarg or self.lookup_field]):
            raise NotFound  # PostgreSQL refuses the query
        return super().get_object()

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "private, no-cache"
        patch_vary_headers(response, ["Authorization", "Accept"])
        if response.status_code == 200:
            response.add_post_render_callback(lambda rendered: _with_etag(request._request, rendered))
        return response


def _with_etag(request: HttpRequest, response: Response) -> HttpResponseBase | None:
    """The response, or 304 for a client that has it already."""
    etag = quote_etag(sha256_hex(response.content))
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)


class DayViewSet[M: Model](CampaignViewSet[M]):
    """Answers as of the parameter `on`, else as of the campaign's day."""

    detail_query_serializer = governments.DayQuerySerializer

    @property
    def day(self) -> date:
        return self.params.get("on") or reference_day(self.campaign)

    def get_serializer_context(self) -> JsonObject:
        context = super().get_serializer_context()
        return {**context, "day": self.day} if "params" in self.__dict__ else dict(context)


class MemberViewSet(DayViewSet[Member]):
    """Who is a member of the organisation on a day, by the English name of that day."""

    serializer_class = governments.MemberSerializer
    list_query_serializer = governments.MemberQuerySerializer
    lookup_field = "code"
    lookup_description = "Two letters (ISO 3166-1; EU for the European Union), in either case."

    def get_object(self) -> Member:
        self.kwargs["code"] = self.kwargs["code"].upper()
        return super().get_object()

    def get_queryset(self) -> QuerySet[Member]:
        memberships = GroupMembership.objects.on(self.day).select_related("group")
        found = members_on(self.day).filter(**self.lookups(region="region", language="working_language"))
        if "group" in self.params:
            found = found.filter(pk__in=memberships.filter(group__slug=self.params["group"]).values("member_id"))
        return found.prefetch_related(Prefetch("memberships", memberships, to_attr="held"))


class GroupViewSet(DayViewSet[Group]):
    """The groups of members, by slug, each with its members on a day."""

    serializer_class = governments.GroupSerializer
    list_query_serializer = governments.GroupQuerySerializer
    lookup_field = "slug"
    lookup_description = "The group's slug, as in the list."

    def get_queryset(self) -> QuerySet[Group]:
        memberships = GroupMembership.objects.on(self.day).filter(member__in=members_on(self.day))
        rows = Prefetch("memberships", memberships.select_related("member"), to_attr="held")
        return Group.objects.order_by("slug").prefetch_related(rows)


class PositionViewSet(CampaignViewSet[Position]):
    """What members have said, the latest first."""

    serializer_class = governments.PositionSerializer
    list_query_serializer = governments.PositionQuerySerializer
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_converter = "int"
    lookup_description = "The position's number, as in the list."

    def get_queryset(self) -> QuerySet[Position]:
        found = Position.objects.standing().filter(campaign=self.campaign)
        if "on" in self.params:
            last = found.filter(on__lte=self.params["on"]).order_by("member_id", "-on", "-id").distinct("member_id")
            found = found.filter(pk__in=last.values("pk"))
        lookups = self.lookups(member="member__code", stance="stance", to="on__lte", **{"from": "on__gte"})
        return found.filter(**lookups).select_related("member", "source").order_by("-on", "-id")


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
