"""What became of each letter, and the answers to it."""

from django.db.models import QuerySet
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.campaigns.scopes import Scope
from apps.outreach.models import Delivery, MailTriage, Reply
from apps.outreach.selectors.deliveries import deliveries_with_state
from apps.outreach.selectors.dispatches import campaign_replies
from apps.outreach.services.triage import mail_sort

from ..serializers import deliveries
from ..serializers.tracking_bodies import SortBody
from .contact_data import ContactDataViewSet


class DeliveryViewSet(ContactDataViewSet[Delivery]):
    """One row for each recipient's letter, of the latest mailing first, by government."""

    serializer_class = deliveries.DeliverySerializer
    list_query_serializer = deliveries.DeliveryQuerySerializer
    read_scope = Scope.DELIVERIES_READ

    def get_queryset(self) -> QuerySet[Delivery]:
        lookups = self.lookups(
            dispatch="dispatch", letter="dispatch__letter__number", member="member__code", state="state"
        )
        found = deliveries_with_state(self.campaign).filter(**lookups)
        if "answered" in self.params:
            found = found.filter(message__replied_at__isnull=self.params["answered"] == "false")
        return found.order_by("-dispatch", "member__sort_en", "pk")


class AnswerViewSet(ContactDataViewSet[Reply]):
    """Answers of governments to letters, the latest first."""

    serializer_class = deliveries.AnswerSerializer
    list_query_serializer = deliveries.AnswerQuerySerializer
    read_scope = Scope.DELIVERIES_READ
    write_scope = Scope.TRACKING_WRITE
    body_serializers = {"sort": SortBody}

    def get_queryset(self) -> QuerySet[Reply]:
        lookups = self.lookups(
            letter="delivery__dispatch__letter__number", member="member__code", kind="kind",
            since="received_at__date__gte",
        )  # fmt: skip
        found = campaign_replies(self.campaign).filter(**lookups).select_related("summary", "mail__triage")
        return found.prefetch_related("positions").order_by("-received_at", "-pk")

    @action(detail=True, methods=["post"])
    def sort(self, request: Request, **_parts: object) -> Response:
        """Say what an answer is to the team, and whether it is dealt with. Who looks after it stays as it is."""
        reply = self.get_object_to_change()
        known = MailTriage.objects.filter(mail=reply.mail_id).select_related("assignee").first()
        mail_sort(
            campaign=self.campaign, mail=reply.mail, member=reply.member, actor=self.actor,
            assignee=known.assignee if known else None,
            label=self.body.get("label", known.label if known else ""),
            closed=self.body.get("closed", known is not None and known.closed_at is not None),
        )  # fmt: skip
        return self.answer(reply)
