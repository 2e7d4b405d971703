"""The read API of members, groups and positions. What changes with time is answered for a day."""

from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from apps.governments.models import Group, GroupMembership, Member, Position
from apps.governments.selectors import members_on, reference_day

from ..serializers.governments import (
    DayQuerySerializer,
    GroupQuerySerializer,
    GroupSerializer,
    MemberQuerySerializer,
    MemberSerializer,
    PositionQuerySerializer,
    PositionSerializer,
)
from .base import CampaignViewSet


class DayViewSet(CampaignViewSet):
    """Answers as of `on`, else as of the day of the campaign."""

    detail_query_serializer = DayQuerySerializer

    @property
    def day(self) -> date:
        return self.params.get("on") or reference_day(self.campaign)

    def get_serializer_context(self) -> dict[str, Any]:
        context = super().get_serializer_context()
        return {**context, "day": self.day} if "params" in self.__dict__ else dict(context)


class MemberViewSet(DayViewSet):
    """Who is a member of the organisation on a day, by English name."""

    serializer_class = MemberSerializer
    list_query_serializer = MemberQuerySerializer
    lookup_field = "code"
    lookup_value_converter = "str"
    lookup_description = "Two letters (ISO 3166-1; EU for the European Union), in either case."

    def get_object(self) -> Any:
        self.kwargs["code"] = self.kwargs["code"].upper()
        return super().get_object()

    def get_queryset(self) -> QuerySet[Member]:
        held = GroupMembership.objects.on(self.day).select_related("group")
        found = members_on(self.day).order_by("sort_en", "code")
        if "group" in self.params:
            found = found.filter(pk__in=held.filter(group__slug=self.params["group"]).values("member_id"))
        if "region" in self.params:
            found = found.filter(region=self.params["region"])
        if "language" in self.params:
            found = found.filter(working_language=self.params["language"])
        return found.prefetch_related(Prefetch("memberships", held, to_attr="held"))


class GroupViewSet(DayViewSet):
    """The groups of members, by slug, each with its members on a day."""

    serializer_class = GroupSerializer
    list_query_serializer = GroupQuerySerializer
    lookup_field = "slug"
    lookup_value_converter = "str"
    lookup_description = "The group's slug, as in the list."

    def get_queryset(self) -> QuerySet[Group]:
        held = GroupMembership.objects.on(self.day).filter(member__in=members_on(self.day)).select_related("member")
        return Group.objects.order_by("slug").prefetch_related(Prefetch("memberships", held, to_attr="held"))


class PositionViewSet(CampaignViewSet):
    """What members have said, the latest first."""

    serializer_class = PositionSerializer
    list_query_serializer = PositionQuerySerializer
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_converter = "int"
    lookup_description = "The position's number, as in the list."

    def get_queryset(self) -> QuerySet[Position]:
        params, found = self.params, Position.objects.standing().filter(campaign=self.campaign)
        if "on" in params:
            last = found.filter(on__lte=params["on"]).order_by("member_id", "-on", "-id").distinct("member_id")
            found = found.filter(pk__in=last.values("pk"))
        names = {"member": "member__code", "stance": "stance", "from": "on__gte", "to": "on__lte"}
        found = found.filter(**{lookup: params[name] for name, lookup in names.items() if name in params})
        return found.select_related("member", "source").order_by("-on", "-id")
