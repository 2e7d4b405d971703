"""The OpenAPI description: parameters, responses, errors, the token."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema_serializer
from rest_framework import serializers

from .exceptions import PROBLEM_JSON

PREFIX = "/api/v1/"
#: drf-spectacular's and 202
EXAMPLES_OF = ["200", "201", "202"]
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
    return extend_schema_serializer(examples=[OpenApiExample(title, value=value, status_codes=EXAMPLES_OF)])


IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the row as you read it, or * to change it whatever it says by now.",
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="Up to 255 characters of your own, a new one for each thing to do. Sent again within 24 hours, nothing "
    "is done twice and the first answer comes again.",
)


class ErrorSerializer(serializers.Serializer[Any]):
    """One value that is wrong: of a parameter, or in the body."""

    parameter = serializers.CharField(required=False, help_text="The name of the parameter, as it was sent.")
    pointer = serializers.CharField(required=False, help_text="Where in the body: a JSON pointer (RFC 6901).")
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
    errors: Any = ErrorSerializer(many=True, required=False, help_text="Each value that is wrong.")
    scope = serializers.CharField(required=False, help_text="With 403: the scope that the token does not have.")
    permission = serializers.CharField(required=False, help_text="With 403: the permission that the roles lack.")


REFUSALS = {
    400: "A parameter is unknown, given twice, or has a value that is not allowed; or the body is not JSON.",
    401: "No token, or one that is not valid (any more).",
    403: "The token does not have the scope, or its owner’s roles do not have the permission. The answer names it.",
    404: "No such row, or a campaign that is not the token's.",
    406: "Only JSON is answered.",
    429: "Too many requests within a minute. `Retry-After` says for how many seconds to wait.",
}
CONTACTS_LIMIT = (
    "Rows that are answered with contact data count, each once in a day, for the person who owns the token, together "
    "with exports. Above 1,000 the answer is 403: ask for an export, to which a second person agrees."
)
WRITE_REFUSALS = {
    409: "The row is in a state that does not allow this, or the same request is still being answered.",
    413: "The body is too large.",
    415: "The body is not sent as application/json.",
    422: "Values are wrong, and `errors` says which; or the Idempotency-Key was used for another request.",
}
CHANGE_REFUSALS = {
    412: "Somebody has changed the row since you read it: If-Match is not its ETag any more.",
    428: "If-Match is missing.",
}


class CampaignSchema(AutoSchema):
    """The description of a CampaignViewSet."""

    view: Any

    @property
    def _changes(self) -> bool:
        return self.method in {"PATCH", "PUT"}

    def get_operation_id(self) -> str:
        return f"{self.view.basename}_{self.view.action}"

    def get_tags(self) -> list[str]:
        return [self.view.basename]

    def get_description(self) -> str:  # type: ignore[override]  # drf-spectacular's own, as it says
        scope, permission = self.view.needed(self.method)
        one = "A single one. " if self.view.action == "retrieve" else ""
        about = f"{one}{super().get_description()}"
        if self.method == "GET" and self.view.counts_contacts:
            about = f"{about}\n\n{CONTACTS_LIMIT}"
        return f"{about}\n\nScope: `{scope.value}`. Permission: {permission.value}."

    def get_extensions(self) -> dict[str, Any]:
        scope, permission = self.view.needed(self.method)
        return {"x-scope": scope.value, "x-permission": permission.value}

    def get_override_parameters(self) -> list[Any]:
        found: list[Any] = [CAMPAIGN]
        if self.view.detail:
            kind = OpenApiTypes.INT if self.view.lookup_value_converter == "int" else OpenApiTypes.STR
            name = self.view.lookup_url_kwarg or self.view.lookup_field
            found.append(OpenApiParameter(name, kind, OpenApiParameter.PATH, description=self.view.lookup_description))
        if self.method != "GET":
            return [*found, *([IF_MATCH] if self._changes else [IDEMPOTENCY_KEY] if self.method == "POST" else [])]
        listed = self._is_list_view()
        query = self.view.list_query_serializer if listed else self.view.detail_query_serializer
        return [*found, *_parameters(query), CONDITION]

    def get_request_serializer(self) -> Any:
        return self.view.body_serializers.get(self.view.action)

    def get_response_serializers(self) -> Any:
        refusals = REFUSALS | (WRITE_REFUSALS if self.method != "GET" else {})
        refusals |= CHANGE_REFUSALS if self._changes else {}
        if self.method == "GET" and self.view.counts_contacts:
            refusals |= {403: f"{REFUSALS[403]} Or it would be more than 1,000 rows with contact data in a day."}
        refusals |= {410: "Carried out before, and what it made is gone."} if self.method == "POST" else {}
        if self.method == "GET" and self.view.action not in {"list", "retrieve"}:
            refusals |= {409: WRITE_REFUSALS[409]}
        problems: dict[Any, Any] = {
            (status, PROBLEM_JSON): OpenApiResponse(Problem, description=words) for status, words in refusals.items()
        }
        if self.method == "GET":
            problems[304] = OpenApiResponse(description="Nothing has changed: the ETag is that of If-None-Match.")
        status = self.view.success_statuses.get(self.view.action, 200)
        return {status: None if status == 204 else self._get_serializer(), **problems}

    def _is_list_view(self, serializer: object = None) -> bool:
        return bool(self.view.action == "list")


class StrictBody(OpenApiSerializerExtension):
    """Bodies take no other names than those described."""

    target_class = "apps.api.bodies.BodySerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: Any) -> dict[str, Any]:
        described = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        if not type(self.target).__dict__.get("__doc__"):
            described.pop("description", None)  # that of the base class
        return {**described, "additionalProperties": False}


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


def keep_campaigns[E: tuple[str, ...]](endpoints: list[E], **_: object) -> list[E]:
    """drf-spectacular's hook: describe only what has a campaign in its URL, not the editor's own endpoints."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(f"{PREFIX}{{")]
