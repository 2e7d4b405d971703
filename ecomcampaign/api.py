"""The read API: which app answers at which address, and the description of it all."""

from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer2
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from apps.campaigns.api import ReadView, no_such_address
from apps.governments.api import Groups, Members, Positions
from apps.sources.api import Sources
from apps.talkingpoints.api import Facts, Points

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("points", Points, basename="points")
router.register("facts", Facts, basename="facts")
router.register("sources", Sources, basename="sources")
router.register("members", Members, basename="members")
router.register("groups", Groups, basename="groups")
router.register("positions", Positions, basename="positions")


@cache
def description() -> Any:
    """The OpenAPI document; made once by each process, for it holds no data."""
    return SchemaGenerator().get_schema(public=True)


@extend_schema(exclude=True)
class Schema(ReadView):
    """For everybody, as JSON, or as YAML for `Accept: application/yaml`."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    renderer_classes = [OpenApiJsonRenderer2, OpenApiYamlRenderer2]

    def get(self, request: Request) -> Response:
        return Response(description())


app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("schema", Schema.as_view(), name="schema"),
    path("<slug:campaign_slug>/", include(router.urls)),
    path("<path:rest>", no_such_address, name="nothing"),
    path("", no_such_address, name="root"),
]
