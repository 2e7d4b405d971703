"""The base classes of the views of the API."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.functional import cached_property
from django.utils.http import quote_etag
from rest_framework import mixins, viewsets
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.campaigns.models import Campaign
from apps.core.canonical import sha256_hex

from ..authentication import BearerAuthentication
from ..exceptions import exception_handler
from ..pagination import Pagination
from ..permissions import CanReadCampaign
from ..query_params import ListQuerySerializer, QuerySerializer
from ..schema import CampaignSchema
from ..throttling import TokenThrottle


class ReadView(APIView):
    """Read only, JSON only, problems as problems. What it opens is said by `access`, as with pages."""

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


class CampaignViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ReadView, viewsets.GenericViewSet[Any], ABC):
    """A list and its rows one by one, of the campaign in the address, for whoever holds a token of it.

    A subclass gives `get_queryset()`, the serializers of rows and of query parameters, and what a row is found by.
    """

    access = "token"
    authentication_classes = [BearerAuthentication]
    permission_classes = [CanReadCampaign]
    throttle_classes = [TokenThrottle]
    pagination_class = Pagination
    schema = CampaignSchema()
    list_query_serializer: type[QuerySerializer] = ListQuerySerializer
    detail_query_serializer: type[QuerySerializer] = QuerySerializer
    #: of what a row is found by, for the description
    lookup_description = ""

    @property
    def campaign(self) -> Campaign:
        return self.request.auth.membership.campaign  # type: ignore[union-attr]  # the permission class let it through

    @cached_property
    def params(self) -> dict[str, Any]:
        """The checked query parameters."""
        serializer = self.list_query_serializer if self.action == "list" else self.detail_query_serializer
        return serializer.read(self.request.query_params, self.campaign)

    @abstractmethod
    def get_queryset(self) -> Any:
        """All rows of the campaign that fit `self.params`, in a stable order."""

    def get_object(self) -> Any:
        if "\x00" in str(self.kwargs[self.lookup_url_kwarg or self.lookup_field]):
            raise Http404  # PostgreSQL keeps no such text, and refuses the query
        return super().get_object()

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "private, no-cache"
        patch_vary_headers(response, ["Authorization", "Accept"])
        if response.status_code == 200:
            response.add_post_render_callback(lambda rendered: _unless_known(request._request, rendered))
        return response


def _unless_known(request: HttpRequest, response: Response) -> HttpResponseBase | None:
    """The answer with its fingerprint, or 304 for whoever has it already."""
    etag = quote_etag(sha256_hex(response.content))
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)
