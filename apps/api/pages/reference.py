"""The page for developers: what the OpenAPI document says, put together for people. In English, as the document is."""

import json
import re
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from apps.core.types import JsonObject

from ..openapi import openapi_document

PREFIX = "/api/v1/{campaign_slug}/"
METHODS = ("get", "post", "patch", "put", "delete")
TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
}
FORMATS = {"date": "day, as 2017-12-13", "date-time": "time (ISO 8601)", "uri": "address", "email": "email address"}
#: of a campaign that does not exist
EXAMPLE_CAMPAIGN = "spring"


@dataclass(frozen=True)
class Value:
    """A parameter, or a field of a body."""

    name: str
    kind: str
    is_required: bool
    description: str


@dataclass(frozen=True)
class Operation:
    """One method of one URL."""

    anchor: str
    method: str
    path: str
    summary: str
    more: str
    scope: str
    permission: str
    parameters: list[Value]
    fields: list[Value]
    command: str
    status: str
    answer: str


@dataclass(frozen=True)
class Resource:
    name: str
    operations: list[Operation]


@cache
def resources() -> list[Resource]:
    """Every operation, by resource; made once by each process, since it contains no data."""
    found = [
        _operation(path, method, operations[method])
        for path, operations in openapi_document()["paths"].items()
        for method in METHODS
        if method in operations
    ]
    found.sort(key=lambda pair: pair[0])  # keeps the order within a resource
    return [
        Resource(tag, [operation for _tag, operation in group]) for tag, group in groupby(found, lambda pair: pair[0])
    ]


def _operation(path: str, method: str, described: JsonObject) -> tuple[str, Operation]:
    status, answer = next(pair for pair in described["responses"].items() if pair[0].startswith("2"))
    body = described.get("requestBody", {})
    shown, sent = _example(answer), _example(body)
    first, _blank, rest = described["description"].replace("`", "").partition("\n\n")
    more = re.sub(r"\s*Scope: \S+\. Permission: \w+\.\Z", "", rest)
    parameters = [
        Value(one["name"], _kind(one["schema"]), one.get("required", False), _words(one))
        for one in described["parameters"]
        if one["name"] != "campaign_slug"
    ]
    operation = Operation(
        anchor=described["operationId"],
        method=method.upper(),
        path=path.removeprefix(PREFIX),
        summary=" ".join(first.split()),
        more=" ".join(more.split()),
        scope=described["x-scope"],
        permission=described["x-permission"],
        parameters=parameters,
        fields=_fields(body),
        command=_command(path, method, _parts(described["parameters"], shown), sent),
        status=status,
        answer="" if shown is None else json.dumps(shown, ensure_ascii=False, indent=2),
    )
    return described["tags"][0], operation


def _words(described: JsonObject) -> str:
    """Without the quotation marks of Markdown."""
    return str(described.get("description", "")).replace("`", "")


def _json(described: JsonObject) -> JsonObject:
    found: JsonObject = described.get("content", {}).get("application/json", {})
    return found


def _example(described: JsonObject) -> Any:
    """The first example of a body; None if it has none."""
    return next((example["value"] for example in _json(described).get("examples", {}).values()), None)


def _fields(body: JsonObject) -> list[Value]:
    schema = _resolved(_json(body).get("schema", {}))
    required = schema.get("required", [])
    return [
        Value(name, _kind(field), name in required, _words(_resolved(field)))
        for name, field in schema.get("properties", {}).items()
        if not field.get("readOnly")
    ]


def _kind(schema: JsonObject) -> str:
    """What a value is, in a few words."""
    schema = _resolved(schema)
    if choices := [choice for one in (schema, *schema.get("oneOf", [])) for choice in one.get("enum", [])]:
        return "one of " + ", ".join(str(choice) for choice in choices if choice not in (None, ""))
    if "oneOf" in schema:
        return " or ".join(_kind(one) for one in schema["oneOf"])
    if schema.get("type") == "array":
        return f"list: {_kind(schema['items'])}"
    if names := schema.get("properties"):
        return f"object with {', '.join(names)}"
    kind = FORMATS.get(schema.get("format", "")) or TYPES.get(schema.get("type", ""), "anything")
    return f"{kind} or null" if schema.get("nullable") else kind


def _resolved(schema: JsonObject) -> JsonObject:
    """The schema itself, or what it refers to, with what it says on top."""
    for part in schema.get("allOf", []):
        schema = {**_resolved(part), **{name: value for name, value in schema.items() if name != "allOf"}}
    if "$ref" not in schema:
        return schema
    name = schema["$ref"].rpartition("/")[2]
    found: JsonObject = openapi_document()["components"]["schemas"][name]
    return found


def _parts(parameters: list[JsonObject], shown: Any) -> dict[str, object]:
    """Values for the parts of the URL: those of the example where it has them."""
    row = shown if isinstance(shown, dict) else {}
    parts = {one["name"]: one["schema"] for one in parameters if one["in"] == "path"}
    values = {name: 1 if schema.get("type") == "integer" else name.upper() for name, schema in parts.items()}
    return {**values, **{name: row[name] for name in parts if name in row}, "campaign_slug": EXAMPLE_CAMPAIGN}


def _command(path: str, method: str, parts: dict[str, object], sent: Any) -> str:
    """The request as curl sends it."""
    url = path.format_map(parts)
    lines = [f"curl -X {method.upper()}" if method != "get" else "curl", '-H "Authorization: Bearer $TOKEN"']
    if method == "post":
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    if method in {"patch", "put"}:
        lines.append("-H 'If-Match: \"…\"'")
    if sent is not None:
        quoted = json.dumps(sent, ensure_ascii=False).replace("'", "'\\''")
        lines += ['-H "Content-Type: application/json"', f"-d '{quoted}'"]
    return " \\\n  ".join([*lines, f'"$SITE{url}"'])
