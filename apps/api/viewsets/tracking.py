"""Contacts with governments by other ways than mailings, and next steps."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.campaigns.scopes import Scope
from apps.outreach.models import FollowUp, Touch, TouchFile
from apps.outreach.selectors.tracking import campaign_follow_ups, campaign_today, campaign_touches

from ..serializers import tracking
from .deliveries import ContactDataViewSet


class ContactViewSet(ContactDataViewSet[Touch]):
    """Meetings, calls and other contacts with governments, the latest first."""

    serializer_class = tracking.ContactSerializer
    list_query_serializer = tracking.ContactQuerySerializer
    read_scope = Scope.DELIVERIES_READ

    def get_queryset(self) -> QuerySet[Touch]:
        lookups = self.lookups(member="member__code", channel="channel", since="on__gte")
        has_file = Exists(TouchFile.objects.filter(touch=OuterRef("pk")))
        return campaign_touches(self.campaign).filter(**lookups).annotate(has_file=has_file)


class NextStepViewSet(ContactDataViewSet[FollowUp]):
    """What the team will do about governments, the next due first. A single one is found whether done or not."""

    serializer_class = tracking.NextStepSerializer
    list_query_serializer = tracking.NextStepQuerySerializer
    read_scope = Scope.DELIVERIES_READ

    def get_queryset(self) -> QuerySet[FollowUp]:
        unfinished = Q(done_at=None)
        shown = {
            "open": unfinished,
            "overdue": unfinished & Q(due_on__lt=campaign_today(self.campaign)),
            "mine": unfinished & Q(assignee=self.request.user.pk),
            "done": ~unfinished,
            "all": Q(),
        }[self.params.get("state", "all")]
        return campaign_follow_ups(self.campaign).filter(shown, **self.lookups(member="member__code"))
