"""Open data: the page that lists it, its files, and their JSON Schema."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from apps.campaigns.access import public
from apps.coalitions.models import SignOnCall
from apps.core.kept_files import kept_file
from apps.core.page_cache import GZIP_ACCEPTED
from apps.core.site_url import site_url
from apps.governments.pages.as_of_date import parse_as_of_date

from ..pages.content_languages import content_language
from ..pages.open_data.catalogue import catalogue, structured_data
from ..pages.open_data.datasets import Asked, OpenDataset
from ..pages.open_data.figures import public_name_counts
from ..pages.open_data.json_schema import open_data_schema
from ..pages.open_data.registry import DATASETS
from ..pages.open_data.signatories import signatories_write
from .cross_origin import described_by, licence, readable_by_any_site
from .public_page import CampaignRequest, call_or_404, page_context, public_page

CSV = "text/csv; charset=utf-8; header=present"
#: names up to which a list is kept as pages are; a longer one is made at most once in LONG_LIST_SECONDS
NAMES_IN_CACHE, LONG_LIST_SECONDS = 5000, 60
SCHEMA_AGE = 3600


@public_page
def open_data(request: CampaignRequest) -> HttpResponse:
    language = get_language() or "en"
    asked, _wrong = _asked(request)
    listed = catalogue(asked, language)
    context = {
        "listed": listed,
        "structured": structured_data(request.campaign, request.path, listed, language),
        "on_example": request.campaign.ends_on,
    }
    return render(request, "website/open_data.html", page_context(request) | context)


@readable_by_any_site
@public_page
def open_data_json(request: CampaignRequest, dataset: str) -> HttpResponse:
    """?language= chooses the language of texts, ?on= the day of positions."""
    found, (asked, wrong) = _dataset_or_404(dataset), _asked(request)
    if wrong:
        return _wrong_day(wrong)
    with override(asked.language):
        response = JsonResponse(found.document(asked), json_dumps_params={"ensure_ascii": False})
    response["Link"] = described_by(found.key, request.campaign)
    response["Content-Language"] = asked.language
    return response


@readable_by_any_site
@public_page
def open_data_csv(request: CampaignRequest, dataset: str) -> HttpResponse:
    """?bom=1 puts a byte order mark before it, by which Excel knows UTF-8."""
    found, (asked, wrong) = _dataset_or_404(dataset), _asked(request)
    if wrong:
        return _wrong_day(wrong)
    with override(asked.language):
        response = HttpResponse(found.csv(asked, bom=_with_bom(request)), content_type=CSV)
    response["Content-Language"] = asked.language
    return _as_file(request, response, f"{request.campaign.slug}-{found.key}")


@readable_by_any_site
@public_page
def signatories_csv(request: CampaignRequest, number: int) -> HttpResponse:
    """All names that their signers show to everybody. A long list is not kept in the cache, but as a file."""
    call = call_or_404(request.campaign, number)
    name = f"{request.campaign.slug}-letter-{number}-signatories"
    if sum(public_name_counts(call).values()) > NAMES_IN_CACHE:
        return _as_file(request, _long_list(request, call), name)
    response = HttpResponse(content_type=CSV)
    signatories_write(call, response, bom=_with_bom(request))  # type: ignore[arg-type]  # it has `write`
    return _as_file(request, response, name)


def _long_list(request: HttpRequest, call: SignOnCall) -> HttpResponse:
    bom = _with_bom(request)
    key = f"{call.pk} {call.version_id} {bom}"
    file = kept_file(key, lambda out: signatories_write(call, out, bom=bom), seconds=LONG_LIST_SECONDS)
    is_compressed = GZIP_ACCEPTED.search(request.headers.get("Accept-Encoding", "")) is not None
    headers = {"ETag": file.etag, "Vary": "Accept-Encoding"}
    if is_compressed:
        headers |= {"Content-Encoding": "gzip", "Content-Length": str(file.size)}
    portions = file.compressed() if is_compressed else file.plain()
    response = cast("HttpResponse", StreamingHttpResponse(portions, content_type=CSV, headers=headers))
    return cast("HttpResponse", get_conditional_response(request, etag=file.etag, response=response))


def _with_bom(request: HttpRequest) -> bool:
    return request.GET.get("bom") == "1"


def _as_file(request: CampaignRequest, response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.csv") or "attachment"
    if link := licence(request.campaign):
        response["Link"] = link
    return response


@readable_by_any_site
@public
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of all files: the same for each campaign."""
    document = open_data_schema(site_url(request.path))
    response = JsonResponse(document, json_dumps_params={"indent": 2}, content_type="application/schema+json")
    response["Cache-Control"] = f"public, max-age={SCHEMA_AGE}"
    return response


def _dataset_or_404(key: str) -> OpenDataset:
    if key not in DATASETS:
        raise Http404
    return DATASETS[key]


def _asked(request: CampaignRequest) -> tuple[Asked, str]:
    """And what is wrong with ?on=, or "". The language does not depend on the reader's."""
    campaign = request.campaign
    content = content_language(campaign, request.GET.get("language", ""), campaign.original_language)
    shown = parse_as_of_date(campaign, request.GET.get("on", ""))
    return Asked(campaign, content.requested, shown.day), shown.wrong


def _wrong_day(wrong: str) -> HttpResponse:
    return JsonResponse({"detail": wrong}, status=400, json_dumps_params={"ensure_ascii": False})
