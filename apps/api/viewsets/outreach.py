"""Mailings, and whom they leave out."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.campaigns.scopes import Scope
from apps.core.errors import Conflict
from apps.core.types import JsonObject
from apps.outreach.models import Dispatch, Exclusion
from apps.outreach.selectors.dispatch_counts import DispatchCounts, dispatch_counts, plan_counts
from apps.outreach.selectors.dispatch_plan import dispatch_plan
from apps.outreach.selectors.dispatches import dispatch_summaries
from apps.outreach.services.cancellation import dispatch_cancel
from apps.outreach.services.preparation import dispatch_prepare, dispatch_recompute, terms_check

from ..serializers import dispatch_bodies as bodies
from ..serializers import outreach
from .base import CampaignViewSet


class NotYourMailing(Conflict):
    default_message = _("Somebody else prepared this mailing. Cancel it on its page.")


class DispatchViewSet(CampaignViewSet[Dispatch]):
    """Mailings, the latest first."""

    serializer_class = outreach.DispatchSerializer
    list_query_serializer = outreach.DispatchQuerySerializer
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_converter = "int"
    lookup_description = "The mailing's number, as in the list."
    write_scope = Scope.DISPATCHES_WRITE
    body_serializers = {"create": bodies.DispatchBody, "preview": bodies.DispatchBody}
    answer_serializers = {"preview": outreach.PlanCountsSerializer}

    def get_queryset(self) -> QuerySet[Dispatch]:
        found = dispatch_summaries(self.campaign).filter(**self.lookups(letter="letter__number", state="state"))
        return found.select_related(None).select_related("letter", "version").defer("version__evidence")

    def paginate_queryset(self, queryset: Any) -> Any:
        rows = super().paginate_queryset(queryset)
        self.counts = dispatch_counts(rows or [])
        return rows

    def get_object(self) -> Dispatch:
        found = super().get_object()
        self.counts = dispatch_counts([found])
        return found

    def get_serializer_context(self) -> JsonObject:
        counts: dict[int, DispatchCounts] = getattr(self, "counts", {})
        return {**super().get_serializer_context(), "counts": counts}

    def answer(self, row: Dispatch) -> Response:
        self.counts = dispatch_counts([row])
        return super().answer(row)

    def body_names(self) -> dict[str, str]:
        return {**super().body_names(), **bodies.MOMENTS}

    def create(self, request: Request, **_parts: object) -> Response:
        """Prepare a mailing: who gets the version, and who does not, is stored. Nothing is sent. Somebody else than the
        owner of the token authorises it on its page, where both see the list."""
        version, criteria, terms = bodies.dispatch_choice(self.campaign, self.body)
        return self.answer(dispatch_prepare(version=version, actor=self.actor, criteria=criteria, terms=terms))

    @action(detail=False, methods=["post"])
    def preview(self, request: Request, **_parts: object) -> Response:
        """Count what the same body would prepare now. Nothing is stored."""
        version, criteria, terms = bodies.dispatch_choice(self.campaign, self.body)
        terms_check(terms, timezone.now())
        plan = dispatch_plan(campaign=self.campaign, version=version, criteria=criteria, terms=terms)
        counts = {**vars(plan_counts(plan)), "letters": len(plan.deliveries)}
        return Response(outreach.PlanCountsSerializer(counts).data)

    @action(detail=True, methods=["post"])
    def recompute(self, request: Request, **_parts: object) -> Response:
        """Apply the criteria of a prepared mailing again, to the recipients and addresses of now."""
        return self.answer(dispatch_recompute(dispatch=self.get_object_to_change(), actor=self.actor))

    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, **_parts: object) -> Response:
        """Cancel a mailing that the owner of the token prepared. What has been sent cannot be recalled."""
        found = self.get_object_to_change()
        if found.prepared_by_id != self.actor.pk:
            raise NotYourMailing
        dispatch_cancel(dispatch=found, actor=self.actor)
        return self.answer(found)


class LeftOutViewSet(CampaignViewSet[Exclusion]):
    """Governments and recipients that get no letter of a mailing, with the reason; of the latest mailing first."""

    serializer_class = outreach.LeftOutSerializer
    list_query_serializer = outreach.LeftOutQuerySerializer
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_converter = "int"
    lookup_description = "The row's number, as in the list."

    def get_queryset(self) -> QuerySet[Exclusion]:
        lookups = self.lookups(dispatch="dispatch", member="member__code", reason="reason")
        found = Exclusion.objects.filter(dispatch__campaign=self.campaign, **lookups)
        found = found.select_related("member", "recipient__office").defer("recipient__name", "recipient__phone")
        return found.order_by("-dispatch", "member__sort_en", "pk")

    def get_serializer_context(self) -> JsonObject:
        return {**super().get_serializer_context(), "campaign": self.campaign}
