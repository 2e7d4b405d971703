"""The JSON Schema of all JSON documents of the open data, one definition for each."""

from django.utils.translation import override

from apps.core.types import JsonObject

from .datasets import ADDRESS_OR_NULL, TEXT, Column, OpenDataset
from .registry import DATASETS
from .signatories import COLUMNS, json_properties

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def open_data_schema(address: str) -> JsonObject:
    """In English. `address` is its own."""
    with override("en"):
        definitions = {dataset.key: _document(dataset) for dataset in DATASETS.values()}
        names = _object(json_properties())
        names["properties"]["signatories"]["items"]["properties"] = _described(COLUMNS)
    return {
        "$schema": DIALECT,
        "$id": address,
        "title": "Open data",
        "$defs": {**definitions, "signatories": names},
        "oneOf": [{"$ref": f"#/$defs/{key}"} for key in (*definitions, "signatories")],
    }


def _document(dataset: OpenDataset) -> JsonObject:
    found: JsonObject = {"campaign": TEXT, "dataset": {"const": dataset.key}, "license": ADDRESS_OR_NULL}
    if dataset.in_languages:
        found["language"] = {"type": "string"}
    if dataset.on_a_day:
        found["on"] = {"type": "string", "format": "date"}
    rows = {"type": "array", "items": _object(_described(dataset.columns))}
    return {"title": str(dataset.label), "description": str(dataset.hint), **_object(found | {"rows": rows})}


def _described(columns: tuple[Column, ...]) -> JsonObject:
    return {column.name: {**column.schema, "description": str(column.label)} for column in columns}


def _object(properties: JsonObject) -> JsonObject:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
