"""The OpenAPI description, and the answer to unknown URLs."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer2
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.access import public

from .exceptions import PROBLEM_JSON, problem
from .openapi import openapi_document
from .viewsets.base import JsonView


@extend_schema(exclude=True)
class SchemaView(JsonView):
    """As JSON, or as YAML for `Accept: application/yaml`."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    renderer_classes = [OpenApiJsonRenderer2, OpenApiYamlRenderer2]

    def get(self, request: Request) -> Response:
        return Response(openapi_document())


@public
def not_found(request: HttpRequest, rest: str = "") -> JsonResponse:
    detail = _("There is no such URL. URLs have no slash at the end: /api/v1/CAMPAIGN/points.")
    return JsonResponse(problem(404, detail), status=404, content_type=PROBLEM_JSON)
