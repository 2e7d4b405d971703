"""Lists by cursors: a page begins after a row, not after so many rows. So the last page costs as little as the first,
and nothing is shown twice or left out when rows are added meanwhile."""

from dataclasses import dataclass, replace
from typing import Any

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from apps.core.types import JsonObject

from .exceptions import InvalidQueryParams

#: of what stands in the order, as annotated
KEY = "cursor_key_%d"


class CursorPagination(BasePagination):
    """Pages in the order of the queryset, made total by the id. The view has checked `page_size` and `cursor`."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.url, self.signer = request.build_absolute_uri(), signing.Signer(salt=f"cursor {view.basename}")
        backwards, start = self._position(view.params.get("cursor", ""))
        self.order = order_of(queryset)
        if len(start or self.order) != len(self.order):
            raise _not_a_cursor()
        rows = keyed(queryset, self.order, start=start, backwards=backwards)
        size = view.params["page_size"]
        found = list(rows[: size + 1])
        more, found = len(found) > size, found[:size]
        if backwards:
            found.reverse()
        self.next = self._link(found[-1], backwards=False) if found and (more or backwards) else None
        behind = more if backwards else start is not None
        self.previous = self._link(found[0], backwards=True) if found and behind else None
        return found

    def _position(self, cursor: str) -> tuple[bool, list[Any] | None]:
        if not cursor:
            return False, None
        try:
            backwards, values = self.signer.unsign_object(cursor)
        except (signing.BadSignature, ValueError):
            raise _not_a_cursor() from None
        return backwards, values

    def _link(self, row: Any, *, backwards: bool) -> str:
        values = [_plain(getattr(row, KEY % index)) for index in range(len(self.order))]
        cursor = self.signer.sign_object([backwards, values])
        return str(replace_query_param(remove_query_param(self.url, "cursor"), "cursor", cursor))

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next, "previous": self.previous, "results": data})

    def get_paginated_response_schema(self, schema: JsonObject) -> JsonObject:
        link = {
            "type": "string",
            "format": "uri",
            "nullable": True,
            "example": "https://letters.example/api/v1/spring/points?cursor=W2ZhbHNlLFs1MF1d",
        }
        properties = {"next": link, "previous": link, "results": schema}
        return {"type": "object", "required": list(properties), "properties": properties}


@dataclass(frozen=True)
class OrderKey:
    """One of those by which a list is sorted."""

    expression: Any
    descends: bool
    nullable: bool


def order_of(queryset: QuerySet[Any]) -> list[OrderKey]:
    """The order of the queryset, ending with the id."""
    items = list(queryset.query.order_by or queryset.model._meta.ordering)
    keys = [_order_key(queryset.model, item) for item in items]
    ids = {F("pk"), F("id")}
    if keys and keys[-1].expression in ids:
        return keys
    return [*keys, OrderKey(F("pk"), bool(keys and keys[-1].descends), nullable=False)]


def _order_key(model: type[Model], item: Any) -> OrderKey:
    if isinstance(item, str):
        item = F(item.removeprefix("-")).desc() if item.startswith("-") else F(item).asc()
    expression, descends = (item.expression, item.descending) if isinstance(item, OrderBy) else (item, False)
    named = isinstance(expression, F)
    nullable = not named or _is_nullable(model, expression.name)  # type: ignore[union-attr]  # its stub has no name
    return OrderKey(expression, descends, nullable)


def keyed(queryset: QuerySet[Any], order: list[OrderKey], *, start: list[Any] | None, backwards: bool) -> QuerySet[Any]:
    """The rows after `start`, or before it and in reverse."""
    rows = queryset.annotate(**{KEY % index: key.expression for index, key in enumerate(order)})
    order = [replace(key, descends=key.descends != backwards) for key in order]
    if start is not None:
        rows = rows.filter(_after(start, order))
    keys = [(F(KEY % index), key.descends) for index, key in enumerate(order)]
    return rows.order_by(*(key.desc() if descends else key.asc() for key, descends in keys))


def _after(values: list[Any], order: list[OrderKey]) -> Q:
    """The condition for rows after these values. NULL comes last, and first where the order descends, as in PostgreSQL.

    `key >= value` of the first key changes nothing about what is found: it is what an index can begin with.
    """
    found, equal = Q(pk__in=[]), Q()
    for index, (value, key) in enumerate(zip(values, order, strict=True)):
        name = KEY % index
        if value is None:
            beyond = Q((f"{name}__isnull", False)) if key.descends else Q(pk__in=[])
            same = Q((f"{name}__isnull", True))
        else:
            beyond = Q((f"{name}__{'lt' if key.descends else 'gt'}", value))
            if key.nullable and not key.descends:
                beyond |= Q((f"{name}__isnull", True))
            same = Q((name, value))
        found, equal = found | (equal & beyond), equal & same
    if values[0] is not None and not order[0].nullable:
        found &= Q((f"{KEY % 0}__{'lte' if order[0].descends else 'gte'}", values[0]))
    return found


def _is_nullable(model: type[Model], path: str) -> bool:
    """Whether it can be NULL; of an annotation nobody knows."""
    for name in path.split("__"):
        try:
            field: Any = model._meta.pk if name == "pk" else model._meta.get_field(name)
        except FieldDoesNotExist:
            return True
        if getattr(field, "null", True):
            return True
        model = field.related_model or model
    return False


def _plain(value: Any) -> Any:
    """As JSON has it; the database reads days, times and decimal numbers from text."""
    return value if value is None or isinstance(value, int | str) else str(value)


def _not_a_cursor() -> InvalidQueryParams:
    words = _("This is not a cursor of this list. Begin with the first page, and follow “next” from there.")
    return InvalidQueryParams({"cursor": words})
