"""Pages of long lists."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet


def counted_page(rows: QuerySet[Any], per_page: int, number: int, wanted: int | str | None) -> Page[Any]:
    """The page `wanted` of rows whose number is known without counting them. Those before it are passed by their ids
    alone: in an index, where the order has one."""
    page: Page[Any] = Paginator(range(number), per_page).get_page(wanted)
    bottom = (page.number - 1) * per_page
    page.object_list = list(rows.filter(pk__in=rows.values("pk")[bottom : bottom + per_page])) if number else []
    return page
