"""Members, groups and positions. What changes with time is answered for a day."""

from dataclasses import fields
from datetime import date

from django.db.models import Model, Prefetch, QuerySet
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.campaigns.scopes import Scope
from apps.core.types import JsonObject
from apps.governments.models import Group, GroupMembership, Member, Position
from apps.governments.selectors import PositionContent, members_on, reference_day
from apps.governments.services.positions import position_correct, position_record, position_withdraw
from apps.outreach.services.reply_positions import reply_position_follow, reply_position_record

from ..serializers import governments
from ..serializers import position_bodies as bodies
from .base import CampaignViewSet


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
    licensed = True
    list_query_serializer = governments.PositionQuerySerializer
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_converter = "int"
    lookup_description = "The position's number, as in the list."
    write_scope = Scope.POSITIONS_WRITE
    body_serializers = {
        "create": bodies.PositionBody,
        "correct": bodies.PositionCorrectionBody,
        "withdraw": bodies.WithdrawalBody,
    }
    success_statuses = {"create": 201, "correct": 201, "withdraw": 204}

    def get_queryset(self) -> QuerySet[Position]:
        found = Position.objects.standing().filter(campaign=self.campaign)
        if "on" in self.params:
            last = found.filter(on__lte=self.params["on"]).order_by("member_id", "-on", "-id").distinct("member_id")
            found = found.filter(pk__in=last.values("pk"))
        lookups = self.lookups(member="member__code", stance="stance", to="on__lte", **{"from": "on__gte"})
        return found.filter(**lookups).select_related("member", "source").order_by("-on", "-id")

    def create(self, request: Request, **_parts: object) -> Response:
        """Record what a member said on a day; letters frozen from now on use it. Earlier positions stay, and one that
        is on record already is answered as it is."""
        body = dict(self.body)
        member, answer = body.pop("member"), body.pop("answer", None)
        if answer is None:
            return self.answer(position_record(campaign=self.campaign, member=member, actor=self.actor, **body))
        return self.answer(reply_position_record(reply=answer, content=PositionContent(**body), actor=self.actor))

    @action(detail=True, methods=["post"])
    def correct(self, request: Request, **_parts: object) -> Response:
        """Replace a position that was recorded in error by a new one. The earlier one is kept, with the reason."""
        position = self.get_object_to_change()
        body = dict(self.body)
        reason = body.pop("reason")
        content = PositionContent(
            **{field.name: getattr(position, field.name) for field in fields(PositionContent)} | body
        )
        corrected = position_correct(position=position, content=content, reason=reason, actor=self.actor)
        reply_position_follow(position=position, corrected=corrected)
        return self.answer(corrected)

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **_parts: object) -> Response:
        """Withdraw a position that was recorded in error. It no longer counts and is in no list; the record keeps it
        with the reason."""
        position = self.get_object_to_change()
        position_withdraw(position=position, reason=self.body["reason"], actor=self.actor)
        return Response(status=204)
