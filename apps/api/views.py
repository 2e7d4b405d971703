"""The description of the API."""

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer2
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from .viewsets.base import ReadView


@cache
def openapi_document() -> Any:
    """The OpenAPI document; made once by each process, for it holds no data."""
    return SchemaGenerator().get_schema(public=True)


@extend_schema(exclude=True)
class SchemaView(ReadView):
    """For everybody, as JSON, or as YAML for `Accept: application/yaml`."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    renderer_classes = [OpenApiJsonRenderer2, OpenApiYamlRenderer2]

    def get(self, request: Request) -> Response:
        return Response(openapi_document())
