"""The OpenAPI description: parameters, responses, errors, the token."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema_serializer
from rest_framework import serializers

from .exceptions import PROBLEM_JSON

PREFIX = "/api/v1/"
CAMPAIGN = OpenApiParameter(
    "campaign_slug", OpenApiTypes.STR, OpenApiParameter.PATH, description="The campaign, as in its pages' addresses."
)
CONDITION = OpenApiParameter(
    "If-None-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The ETag of an earlier answer: 304 without a body where nothing changed.",
)


def example(title: str, /, **value: object) -> Callable[[type], type]:
    """A decorator of serializers."""
    return extend_schema_serializer(examples=[OpenApiExample(title, value=value)])


class InvalidParamSerializer(serializers.Serializer[Any]):
    """One parameter that is wrong."""

    parameter = serializers.CharField(help_text="Its name, as it was sent.")
    detail = serializers.CharField(help_text="What is wrong with it, and what is allowed.")


@example(
    "A wrong parameter",
    type="about:blank",
    title="Bad Request",
    status=400,
    detail="Some parameters are not valid. See errors.",
    errors=[{"parameter": "stance", "detail": "Allowed: opposes, undecided, supports, joined."}],
)
class Problem(serializers.Serializer[Any]):
    """An error (RFC 9457, application/problem+json)."""

    type = serializers.CharField(help_text="about:blank: see the status.")
    title = serializers.CharField(help_text="The status in words.")
    status = serializers.IntegerField(help_text="The HTTP status.")
    detail = serializers.CharField(help_text="What was wrong and what to do, for people.")
    errors: Any = InvalidParamSerializer(many=True, required=False, help_text="With 400: each parameter that is wrong.")


REFUSALS = {
    400: "A parameter is unknown, given twice, or has a value that is not allowed.",
    401: "No token, or one that is not valid (any more).",
    404: "No such row or page, or a campaign that is not the token's.",
    429: "Too many requests with this token within a minute. `Retry-After` says for how many seconds to wait.",
}


class CampaignSchema(AutoSchema):
    """The description of a CampaignViewSet."""

    view: Any

    def get_operation_id(self) -> str:
        return f"{self.view.basename}_{self.view.action}"

    def get_tags(self) -> list[str]:
        return [self.view.basename]

    def get_override_parameters(self) -> list[Any]:
        if self.view.action == "list":
            return [CAMPAIGN, *_parameters(self.view.list_query_serializer), CONDITION]
        kind = OpenApiTypes.INT if self.view.lookup_value_converter == "int" else OpenApiTypes.STR
        name = self.view.lookup_url_kwarg or self.view.lookup_field
        found_by = OpenApiParameter(name, kind, OpenApiParameter.PATH, description=self.view.lookup_description)
        return [CAMPAIGN, found_by, *_parameters(self.view.detail_query_serializer), CONDITION]

    def get_response_serializers(self) -> Any:
        problems = {
            (status, PROBLEM_JSON): OpenApiResponse(Problem, description=words) for status, words in REFUSALS.items()
        }
        return {200: self._get_serializer(), **problems}

    def _is_list_view(self, serializer: object = None) -> bool:
        return bool(self.view.action == "list")


def _parameters(query_serializer: type[serializers.Serializer[Any]]) -> list[type[serializers.Serializer[Any]]]:
    return [query_serializer] if query_serializer().fields else []


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "apps.api.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "ecom_…",
            "description": "A personal token of the campaign, made on the team's page under “Your tokens”.",
        }


def keep_read_api[E: tuple[str, ...]](endpoints: list[E], **_: object) -> list[E]:
    """drf-spectacular's hook: describe only what has a campaign in its URL, not the editor's own endpoints."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(f"{PREFIX}{{")]
