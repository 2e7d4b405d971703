"""Exports: asked for here, made by a worker, downloaded when ready."""

from django.db.models import QuerySet

from apps.campaigns.scopes import Scope
from apps.exports.models import Export
from apps.exports.selectors import campaign_exports

from ..serializers import exports
from .base import CampaignViewSet


class ExportViewSet(CampaignViewSet[Export]):
    """The campaign's exports, the latest first."""

    serializer_class = exports.ExportSerializer
    list_query_serializer = exports.ExportQuerySerializer
    read_scope = Scope.EXPORTS
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_converter = "int"
    lookup_description = "The export's number, as in the list."

    def get_queryset(self) -> QuerySet[Export]:
        found = campaign_exports(self.campaign).filter(**self.lookups(dataset="dataset", state="state"))
        return found.select_related("campaign")
