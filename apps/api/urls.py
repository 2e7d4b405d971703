from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from .views import SchemaView, not_found
from .viewsets.deliveries import AnswerViewSet, DeliveryViewSet
from .viewsets.exports import ExportViewSet
from .viewsets.governments import GroupViewSet, MemberViewSet, PositionViewSet
from .viewsets.letters import (
    LETTER,
    VERSION,
    EditionViewSet,
    LetterViewSet,
    TemplateViewSet,
    TextViewSet,
    VersionViewSet,
)
from .viewsets.organisations import CoalitionViewSet, OrganisationViewSet
from .viewsets.outreach import DispatchViewSet, LeftOutViewSet
from .viewsets.recipients import OfficeViewSet, RecipientViewSet
from .viewsets.signing import CallViewSet, SignatoryViewSet, SignOnFormViewSet, SignOnViewSet
from .viewsets.talkingpoints import FactViewSet, PointViewSet, SourceViewSet
from .viewsets.tracking import ContactViewSet, NextStepViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("points", PointViewSet, basename="points")
router.register("facts", FactViewSet, basename="facts")
router.register("sources", SourceViewSet, basename="sources")
router.register("members", MemberViewSet, basename="members")
router.register("groups", GroupViewSet, basename="groups")
router.register("positions", PositionViewSet, basename="positions")
router.register("offices", OfficeViewSet, basename="offices")
router.register("recipients", RecipientViewSet, basename="recipients")
router.register("dispatches", DispatchViewSet, basename="dispatches")
router.register("left-out", LeftOutViewSet, basename="left-out")
router.register("deliveries", DeliveryViewSet, basename="deliveries")
router.register("answers", AnswerViewSet, basename="answers")
router.register("contacts", ContactViewSet, basename="contacts")
router.register("next-steps", NextStepViewSet, basename="next-steps")
router.register("exports", ExportViewSet, basename="exports")
router.register("templates", TemplateViewSet, basename="templates")
router.register("letters", LetterViewSet, basename="letters")
router.register(f"{LETTER}/texts", TextViewSet, basename="texts")
router.register(f"{LETTER}/versions", VersionViewSet, basename="versions")
router.register(f"{VERSION}/editions", EditionViewSet, basename="editions")
router.register("calls", CallViewSet, basename="calls")
router.register("signatories", SignatoryViewSet, basename="signatories")
router.register("sign-ons", SignOnViewSet, basename="sign-ons")
router.register("sign-on-forms", SignOnFormViewSet, basename="sign-on-forms")
router.register("organisations", OrganisationViewSet, basename="organisations")
router.register("coalitions", CoalitionViewSet, basename="coalitions")

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("schema", SchemaView.as_view(), name="schema"),
    path("<slug:campaign_slug>/", include(router.urls)),
    path("<path:rest>", not_found, name="nothing"),
    path("", not_found, name="root"),
]
