"""What all views of the API share."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.functional import cached_property
from django.utils.http import parse_etags, quote_etag
from rest_framework import mixins, viewsets
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from apps.accounts.models import User
from apps.campaigns.models import ApiToken, Campaign
from apps.campaigns.roles import Permission
from apps.campaigns.scopes import PERMISSIONS, Scope
from apps.core.canonical_json import sha256_hex
from apps.core.types import JsonObject

from ..authentication import BearerAuthentication
from ..bodies import BodySerializer
from ..exceptions import NotFound, PreconditionFailed, PreconditionRequired, exception_handler
from ..pagination import CursorPagination
from ..parsers import StrictJSONParser
from ..permissions import TokenAllows
from ..query_params import ListQuerySerializer, QuerySerializer
from ..schema import CampaignSchema
from ..throttling import TokenThrottle
from ..transactions import written


class PlainJSONRenderer(JSONRenderer):
    """The same bytes whatever Accept says about indentation, since the ETag is made of them."""

    def get_indent(self, accepted_media_type: str, renderer_context: Any) -> None:
        return None


class JsonView(APIView):
    """JSON only, errors as problem documents. `access` says who may ask, as with pages."""

    http_method_names: Sequence[str] = ["get", "head", "options"]
    renderer_classes = [PlainJSONRenderer]
    parser_classes = [StrictJSONParser]
    access = "public"

    @classmethod
    def as_view(cls, *args: Any, **kwargs: Any) -> Any:
        view: Any = super().as_view(*args, **kwargs)
        view.access = cls.access
        return view

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """The methods of the URL, in Allow."""
        return Response(status=204)

    def get_exception_handler(self) -> Callable[..., Response | None]:
        return exception_handler


class CampaignViewSet[M: Model](
    mixins.ListModelMixin, mixins.RetrieveModelMixin, JsonView, viewsets.GenericViewSet[M], ABC
):
    """A list and its rows one by one, of the campaign in the URL, with a token of that campaign.

    GET needs `read_scope`, other methods `write_scope`, and the first permission of that scope, unless
    `action_scopes` or `action_permissions` say otherwise. An action that writes finds its row first (so that another's
    is not found, whatever was sent), then reads `self.body`, which `body_serializers` describes and checks, calls one
    service and answers with `self.answer(row)`. All of it is one transaction; errors of services become problems.
    """

    access = "token"
    http_method_names = ["get", "head", "options", "post", "put", "patch", "delete"]
    serializer_class: type[BaseSerializer[Any]]
    read_scope = Scope.READ
    write_scope: Scope | None = None
    action_scopes: Mapping[str, Scope] = MappingProxyType({})
    action_permissions: Mapping[str, Permission] = MappingProxyType({})
    authentication_classes = [BearerAuthentication]
    permission_classes = [TokenAllows]
    throttle_classes = [TokenThrottle]
    pagination_class = CursorPagination
    schema = CampaignSchema()
    #: {action: what it takes}, {action: what it answers with, where it is not `serializer_class`}, {action: status}
    body_serializers: Mapping[str, type[BodySerializer]] = MappingProxyType({})
    answer_serializers: Mapping[str, type[BaseSerializer[Any]]] = MappingProxyType({})
    success_statuses: Mapping[str, int] = MappingProxyType({"create": 201, "destroy": 204})
    list_query_serializer: type[QuerySerializer] = ListQuerySerializer
    detail_query_serializer: type[QuerySerializer] = QuerySerializer
    #: whether its rows are open data too, under the campaign's licence
    licensed = False
    #: whether rows answered with contact data are counted (viewsets/contact_data.py)
    counts_contacts = False
    #: id of the row that the answer shows
    answered: object = None
    rate_limit_headers: Mapping[str, str] = MappingProxyType({})
    lookup_value_converter = "str"
    lookup_description = ""

    def needed(self, method: str) -> tuple[Scope, Permission]:
        """The scope that a token needs for the current action, and the permission that its owner needs."""
        scope = self.action_scopes.get(self.action) or (self.read_scope if method in SAFE_METHODS else self.write_scope)
        if scope is None:
            raise ImproperlyConfigured(f"{type(self).__name__} says no scope for {self.action}")
        return scope, self.action_permissions.get(self.action, PERMISSIONS[scope][0])

    @property
    def token(self) -> ApiToken:
        return self.request.auth  # type: ignore[return-value]  # TokenAllows requires one

    @property
    def campaign(self) -> Campaign:
        return self.token.membership.campaign

    @cached_property
    def params(self) -> JsonObject:
        """The checked query parameters."""
        serializer = self.list_query_serializer if self.action == "list" else self.detail_query_serializer
        return serializer.read(self.request.query_params, self.campaign)

    @property
    def actor(self) -> User:
        """The owner of the token, for whom the program acts."""
        return self.token.membership.user

    @cached_property
    def body(self) -> JsonObject:
        """The checked values of the request's body; of a PATCH only those that were sent. Raises InvalidBody."""
        serializer = self.body_serializers.get(self.action, BodySerializer)
        return serializer.read(self.request.data, self.campaign, partial=self.request.method == "PATCH")

    def body_names(self) -> dict[str, str]:
        """{name of a service's argument: name in the body}, so that its errors point to what was sent."""
        fields = self.body_serializers.get(self.action, BodySerializer)().fields
        return {field.source or name: name for name, field in fields.items()}

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        return self.answer_serializers.get(self.action, self.serializer_class)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in SAFE_METHODS and self.action:
            method = str(request.method).lower()
            setattr(self, method, written(self, getattr(self, method)))

    def lookups(self, **names: str) -> JsonObject:
        """{lookup: value} of the parameters that were given, from {name of the parameter: lookup}."""
        return {lookup: self.params[name] for name, lookup in names.items() if name in self.params}

    @abstractmethod
    def get_queryset(self) -> QuerySet[M]:
        """All rows of the campaign that fit `self.params`, in a stable order."""

    def get_object(self) -> M:
        if "\x00" in str(self.kwargs[self.lookup_url_kwarg or self.lookup_field]):
            raise NotFound  # PostgreSQL refuses the query
        return super().get_object()

    def get_object_to_change(self) -> M:
        """The row, if it is still as the client read it. Raises PreconditionRequired where If-Match is missing in PATCH
        and PUT, and PreconditionFailed.

        The service compares again under its lock, where it takes a fingerprint of what was read: give it this row's.
        """
        row = self.get_object()
        condition = self.request.headers.get("If-Match", "")
        if not condition and self.request.method in {"PATCH", "PUT"}:
            raise PreconditionRequired
        if condition and condition.strip() != "*" and self.etag_of(row) not in parse_etags(condition):
            raise PreconditionFailed
        return row

    def etag_of(self, row: M) -> str:
        """That of its own URL."""
        shown = self.serializer_class(row, context=self.get_serializer_context())
        return quote_etag(sha256_hex(PlainJSONRenderer().render(shown.data)))

    def answer(self, row: M) -> Response:
        """The row as it is now, with the status of the action; where it is new, with its URL."""
        self.answered, found = row.pk, self.get_queryset().get(pk=row.pk)
        status = self.success_statuses.get(self.action, 200)
        headers = {"Location": self.url_of(found)} if status == 201 else {}
        return Response(self.get_serializer(found).data, status=status, headers=headers)

    def url_of(self, row: M) -> str:
        """Of the row, whose lookup is a field of it unless a subclass says otherwise."""
        names = {self.lookup_url_kwarg or self.lookup_field: getattr(row, self.lookup_field)}
        return str(self.reverse_action("detail", kwargs={"campaign_slug": self.campaign.slug, **names}))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "private, no-cache"
        for name, value in self.rate_limit_headers.items():
            response[name] = value
        patch_vary_headers(response, ["Authorization", "Accept"])
        if response.status_code in {200, 201} and getattr(response, "data", None) is not None:
            if self.licensed and (licence := self.campaign.licence_address):
                response["Link"] = f'<{licence}>; rel="license"'
            response.add_post_render_callback(lambda rendered: _with_etag(request._request, rendered))
        return response


def _with_etag(request: HttpRequest, response: Response) -> HttpResponseBase | None:
    """The response, or 304 for a client that has it already."""
    etag = quote_etag(sha256_hex(response.content))
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) if request.method in SAFE_METHODS else None
