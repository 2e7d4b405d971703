"""Contacts with governments by other ways than mailings, and next steps."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.campaigns.scopes import Scope
from apps.outreach.models import FollowUp, Touch, TouchFile
from apps.outreach.selectors.tracking import campaign_follow_ups, campaign_today, campaign_touches
from apps.outreach.services.follow_ups import follow_up_add, follow_up_finish, follow_up_postpone
from apps.outreach.services.touches import touch_record, touch_withdraw

from ..bodies import check_form
from ..serializers import tracking
from ..serializers import tracking_bodies as bodies
from .contact_data import ContactDataViewSet


class ContactViewSet(ContactDataViewSet[Touch]):
    """Meetings, calls and other contacts with governments, the latest first."""

    serializer_class = tracking.ContactSerializer
    list_query_serializer = tracking.ContactQuerySerializer
    read_scope = Scope.DELIVERIES_READ
    write_scope = Scope.TRACKING_WRITE
    body_serializers = {"create": bodies.ContactBody}
    success_statuses = {"create": 201, "withdraw": 204}

    def get_queryset(self) -> QuerySet[Touch]:
        lookups = self.lookups(member="member__code", channel="channel", since="on__gte")
        has_file = Exists(TouchFile.objects.filter(touch=OuterRef("pk")))
        return campaign_touches(self.campaign).filter(**lookups).annotate(has_file=has_file)

    def create(self, request: Request, **_parts: object) -> Response:
        """Record a contact with a government. A file that shows it is added on the page only."""
        form = bodies.ContactBody.form_of(self.body)
        check_form(form, {"answered": "counts_as_answer"})
        about = {"campaign": self.campaign, "member": self.body["member"], "actor": self.actor}
        return self.answer(touch_record(**about, contact=form.contact()))

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **_parts: object) -> Response:
        """Take back a contact that was recorded in error. It no longer counts, and its text is deleted for good."""
        touch_withdraw(touch=self.get_object_to_change(), actor=self.actor)
        return Response(status=204)


class NextStepViewSet(ContactDataViewSet[FollowUp]):
    """What the team will do about governments, the next due first. A single one is found whether done or not."""

    serializer_class = tracking.NextStepSerializer
    list_query_serializer = tracking.NextStepQuerySerializer
    read_scope = Scope.DELIVERIES_READ
    write_scope = Scope.TRACKING_WRITE
    body_serializers = {"create": bodies.NextStepBody, "postpone": bodies.PostponeBody}

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

    def create(self, request: Request, **_parts: object) -> Response:
        """Add a next step with a government."""
        body = dict(self.body)
        assignee = self.actor if body.pop("is_yours") else None
        return self.answer(follow_up_add(campaign=self.campaign, actor=self.actor, assignee=assignee, **body))

    @action(detail=True, methods=["post"])
    def finish(self, request: Request, **_parts: object) -> Response:
        """Mark a step as done."""
        return self.answer(follow_up_finish(follow_up=self.get_object_to_change(), actor=self.actor))

    @action(detail=True, methods=["post"])
    def postpone(self, request: Request, **_parts: object) -> Response:
        """Give a step that is not done another day."""
        step = self.get_object_to_change()
        return self.answer(follow_up_postpone(follow_up=step, actor=self.actor, due_on=self.body["due_on"]))
