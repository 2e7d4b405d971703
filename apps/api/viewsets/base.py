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
from django.utils.http import quote_etag
from rest_framework import mixins, viewsets
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.campaigns.models import Campaign
from apps.campaigns.roles import Permission
from apps.campaigns.scopes import PERMISSIONS, Scope
from apps.core.canonical_json import sha256_hex
from apps.core.types import JsonObject

from ..authentication import BearerAuthentication
from ..exceptions import NotFound, exception_handler
from ..pagination import Pagination
from ..permissions import TokenAllows
from ..query_params import ListQuerySerializer, QuerySerializer
from ..schema import CampaignSchema
from ..throttling import TokenThrottle


class JsonView(APIView):
    """JSON only, errors as problem documents. `access` says who may ask, as with pages."""

    http_method_names: Sequence[str] = ["get", "head"]
    renderer_classes = [JSONRenderer]
    access = "public"

    @classmethod
    def as_view(cls, *args: Any, **kwargs: Any) -> Any:
        view: Any = super().as_view(*args, **kwargs)
        view.access = cls.access
        return view

    def get_exception_handler(self) -> Callable[..., Response | None]:
        return exception_handler


class CampaignViewSet[M: Model](
    mixins.ListModelMixin, mixins.RetrieveModelMixin, JsonView, viewsets.GenericViewSet[M], ABC
):
    """A list and its rows one by one, of the campaign in the URL, with a token of that campaign.

    GET needs `read_scope`, other methods `write_scope`, and the first permission of that scope, unless
    `action_scopes` or `action_permissions` say otherwise.
    """

    access = "token"
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    read_scope = Scope.READ
    write_scope: Scope | None = None
    action_scopes: Mapping[str, Scope] = MappingProxyType({})
    action_permissions: Mapping[str, Permission] = MappingProxyType({})
    authentication_classes = [BearerAuthentication]
    permission_classes = [TokenAllows]
    throttle_classes = [TokenThrottle]
    pagination_class = Pagination
    schema = CampaignSchema()
    list_query_serializer: type[QuerySerializer] = ListQuerySerializer
    detail_query_serializer: type[QuerySerializer] = QuerySerializer
    lookup_value_converter = "str"
    lookup_description = ""

    def needed(self, method: str) -> tuple[Scope, Permission]:
        """The scope that a token needs for the current action, and the permission that its owner needs."""
        scope = self.action_scopes.get(self.action) or (self.read_scope if method in SAFE_METHODS else self.write_scope)
        if scope is None:
            raise ImproperlyConfigured(f"{type(self).__name__} says no scope for {self.action}")
        return scope, self.action_permissions.get(self.action, PERMISSIONS[scope][0])

    @property
    def campaign(self) -> Campaign:
        return self.request.auth.membership.campaign  # type: ignore[union-attr]  # TokenAllows requires a token

    @cached_property
    def params(self) -> JsonObject:
        """The checked query parameters."""
        serializer = self.list_query_serializer if self.action == "list" else self.detail_query_serializer
        return serializer.read(self.request.query_params, self.campaign)

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

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "private, no-cache"
        patch_vary_headers(response, ["Authorization", "Accept"])
        if response.status_code == 200:
            response.add_post_render_callback(lambda rendered: _with_etag(request._request, rendered))
        return response


def _with_etag(request: HttpRequest, response: Response) -> HttpResponseBase | None:
    """The response, or 304 for a client that has it already."""
    etag = quote_etag(sha256_hex(response.content))
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)
