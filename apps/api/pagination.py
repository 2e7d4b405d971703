"""Lists by numbered pages."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

from apps.core.types import JsonObject

from .query_params import MOST_ROWS, PAGE_SIZE


class Pagination(PageNumberPagination):
    """The view has checked both parameters; a page after the last is not found."""

    page_size = PAGE_SIZE
    max_page_size = MOST_ROWS
    page_size_query_param = "page_size"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except NotFound:
            last = Paginator(queryset, view.params["page_size"]).num_pages
            raise NotFound(_("The last page is %(last)d.") % {"last": last}) from None

    def get_paginated_response_schema(self, schema: JsonObject) -> JsonObject:
        """DRF's, with examples of our own."""
        described: JsonObject = super().get_paginated_response_schema(schema)
        for name, page in (("next", 3), ("previous", 1)):
            described["properties"][name]["example"] = f"https://letters.example/api/v1/spring/points?page={page}"
        return described
