"""Lists by numbered pages."""

from typing import Any

from django.core.paginator import EmptyPage, Paginator
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import PageNumberPagination

from .query_params import MOST_ROWS, PAGE_SIZE


class Pagination(PageNumberPagination):
    """Page and size come checked from the query parameters; a page after the last is not found."""

    page_size = PAGE_SIZE
    max_page_size = MOST_ROWS
    page_size_query_param = "page_size"

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        self.request = request
        paginator = Paginator(queryset, view.params["page_size"])
        try:
            self.page = paginator.page(view.params["page"])
        except EmptyPage:
            raise NotFound(_("The last page is %(last)d.") % {"last": paginator.num_pages}) from None
        return list(self.page)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """As DRF says it, with an address of ours for the example."""
        described: dict[str, Any] = super().get_paginated_response_schema(schema)
        for name, page in (("next", 3), ("previous", 1)):
            described["properties"][name]["example"] = f"https://letters.example/api/v1/spring/points?page={page}"
        return described
