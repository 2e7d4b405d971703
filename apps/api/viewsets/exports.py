"""Exports: asked for here, made by a worker, downloaded when ready."""

from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from rest_framework.decorators import action
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from apps.campaigns.scopes import Scope
from apps.exports.models import Export, Format
from apps.exports.selectors import campaign_exports
from apps.exports.services.files import file_name, stored_file_portions
from apps.exports.services.requests import download_check, export_cancel, export_request, export_taken
from apps.exports.writers import CONTENT_TYPES

from ..schema import CampaignSchema
from ..serializers import exports
from .base import CampaignViewSet


class AnyAccept(BaseContentNegotiation):
    """For files, which are not rendered: whatever the client accepts. Problems are JSON all the same."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class ExportSchema(CampaignSchema):
    """Its file is no JSON."""

    def get_response_serializers(self) -> Any:
        found = dict(super().get_response_serializers())
        if self.view.action != "file":
            return found
        del found[200]
        return {(200, "application/octet-stream"): OpenApiTypes.BINARY, **found}


class ExportViewSet(CampaignViewSet[Export]):
    """The campaign's exports, the latest first."""

    serializer_class = exports.ExportSerializer
    list_query_serializer = exports.ExportQuerySerializer
    read_scope = write_scope = Scope.EXPORTS
    body_serializers = {"create": exports.ExportBody}
    schema = ExportSchema()
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_converter = "int"
    lookup_description = "The export's number, as in the list."

    def get_queryset(self) -> QuerySet[Export]:
        found = campaign_exports(self.campaign).filter(**self.lookups(dataset="dataset", state="state"))
        return found.select_related("campaign")

    def create(self, request: Request, **_parts: object) -> Response:
        """Ask for a list. A worker makes the file: ask for this export again until its state is `ready`, then for the
        file. One with more than 1,000 rows of contact data waits until a second person agrees on its page."""
        export, _file = export_request(campaign=self.campaign, actor=self.actor, at_once=False, **self.body)
        return self.answer(export)

    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, **_parts: object) -> Response:
        """Cancel an export that is not finished, or delete its file."""
        found = self.get_object_to_change()
        export_cancel(export=found, actor=self.actor)
        return self.answer(found)

    @action(detail=True, methods=["get"], content_negotiation_class=AnyAccept)
    def file(self, request: Request, **_parts: object) -> Any:
        """The file of an export that is `ready`, for the person who asked for it. That it was taken is on record."""
        found, portions = self.get_object(), iter([b""])
        if request.method == "HEAD":
            download_check(export=found, actor=self.actor)
        else:
            found = export_taken(export=found, actor=self.actor)
            portions = stored_file_portions(found)
        response = StreamingHttpResponse(portions, content_type=CONTENT_TYPES[Format(found.format)])
        response["Content-Length"] = str(found.size)
        response["Content-Disposition"] = content_disposition_header(True, file_name(found)) or "attachment"
        response["X-Content-Type-Options"] = "nosniff"
        return response
