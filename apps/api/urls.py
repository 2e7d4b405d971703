from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from .views import SchemaView, not_found
from .viewsets.governments import GroupViewSet, MemberViewSet, PositionViewSet
from .viewsets.talkingpoints import FactViewSet, PointViewSet, SourceViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("points", PointViewSet, basename="points")
router.register("facts", FactViewSet, basename="facts")
router.register("sources", SourceViewSet, basename="sources")
router.register("members", MemberViewSet, basename="members")
router.register("groups", GroupViewSet, basename="groups")
router.register("positions", PositionViewSet, basename="positions")

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("schema", SchemaView.as_view(), name="schema"),
    path("<slug:campaign_slug>/", include(router.urls)),
    path("<path:rest>", not_found, name="nothing"),
    path("", not_found, name="root"),
]
