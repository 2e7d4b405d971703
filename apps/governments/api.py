"""The read API of members, groups and positions. What changes with time is answered for a day."""

from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from apps.campaigns.api import ReadEndpoint

from .models import Group, GroupMembership, Member, Position
from .selectors import members_on, reference_day
from .serializers import (
    GroupRow,
    GroupsQuestion,
    MemberRow,
    MembersQuestion,
    OnQuestion,
    PositionRow,
    PositionsQuestion,
)


class AsOf(ReadEndpoint):
    """Answers as of `on`, else as of the day of the campaign."""

    row_question = OnQuestion

    @property
    def day(self) -> date:
        return self.asked.get("on") or reference_day(self.campaign)

    def get_serializer_context(self) -> dict[str, Any]:
        context = super().get_serializer_context()
        return {**context, "day": self.day} if hasattr(self, "asked") else dict(context)


class Members(AsOf):
    """Who is a member of the organisation on a day, by English name."""

    serializer_class = MemberRow
    list_question = MembersQuestion
    lookup_field = "code"
    lookup_value_converter = "str"
    lookup_words = "Two letters (ISO 3166-1; EU for the European Union), in either case."

    def get_object(self) -> Any:
        self.kwargs["code"] = self.kwargs["code"].upper()
        return super().get_object()

    def rows(self) -> QuerySet[Member]:
        held = GroupMembership.objects.on(self.day).select_related("group")
        found = members_on(self.day).order_by("sort_en", "code")
        if "group" in self.asked:
            found = found.filter(pk__in=held.filter(group__slug=self.asked["group"]).values("member_id"))
        if "region" in self.asked:
            found = found.filter(region=self.asked["region"])
        if "language" in self.asked:
            found = found.filter(working_language=self.asked["language"])
        return found.prefetch_related(Prefetch("memberships", held, to_attr="held"))


class Groups(AsOf):
    """The groups of members, by slug, each with its members on a day."""

    serializer_class = GroupRow
    list_question = GroupsQuestion
    lookup_field = "slug"
    lookup_value_converter = "str"
    lookup_words = "The group's slug, as in the list."

    def rows(self) -> QuerySet[Group]:
        held = GroupMembership.objects.on(self.day).filter(member__in=members_on(self.day)).select_related("member")
        return Group.objects.order_by("slug").prefetch_related(Prefetch("memberships", held, to_attr="held"))


class Positions(ReadEndpoint):
    """What members have said, the latest first."""

    serializer_class = PositionRow
    list_question = PositionsQuestion
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_converter = "int"
    lookup_words = "The position's number, as in the list."

    def rows(self) -> QuerySet[Position]:
        asked, found = self.asked, Position.objects.standing().filter(campaign=self.campaign)
        if "on" in asked:
            last = found.filter(on__lte=asked["on"]).order_by("member_id", "-on", "-id").distinct("member_id")
            found = found.filter(pk__in=last.values("pk"))
        names = {"member": "member__code", "stance": "stance", "from": "on__gte", "to": "on__lte"}
        found = found.filter(**{lookup: asked[name] for name, lookup in names.items() if name in asked})
        return found.select_related("member", "source").order_by("-on", "-id")
