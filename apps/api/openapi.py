"""The OpenAPI document."""

from functools import cache

from drf_spectacular.generators import SchemaGenerator

from apps.core.types import JsonObject


@cache
def openapi_document() -> JsonObject:
    """Made once by each process, since it contains no data."""
    document: JsonObject = SchemaGenerator().get_schema(public=True)
    return document
