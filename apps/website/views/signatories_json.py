"""How many have signed and who, for the programs and pages of anybody."""

from django.http import HttpResponse, JsonResponse
from django.urls import reverse

from apps.coalitions.selectors.signatory_counts import version_counts
from apps.coalitions.selectors.signatory_lists import Signatory, named_after
from apps.core.site_url import site_url
from apps.core.types import JsonObject

from .cross_origin import described_by, readable_by_any_site
from .public_page import CampaignRequest, call_or_404, public_page

NAMES_ON_PAGE = 500


@readable_by_any_site
@public_page
def signatories_json(request: CampaignRequest, number: int) -> HttpResponse:
    """?after= the id in `next`. Counts are of all signatures, names those that their signers show to everybody."""
    call, after = call_or_404(request.campaign, number), request.GET.get("after", "0")
    is_number = after.isascii() and after.isdigit() and len(after) < 18
    names = named_after(call, int(after), NAMES_ON_PAGE + 1) if is_number else None
    if names is None:
        return JsonResponse({"detail": "There is no such name (any more): start again."}, status=404)
    counts, address = version_counts(call.version), site_url(request.path)
    letter = reverse("language:campaign", args=[f"{request.campaign.slug}/letters/{number}/"])
    is_last = len(names) <= NAMES_ON_PAGE
    response = JsonResponse(
        {
            "license": request.campaign.licence_address,
            "letter": site_url(letter),
            "version": call.version.number,
            "sha256": call.version.sha256,
            "titles": call.version.subjects,
            "is_open": call.is_open(),
            "closes_at": call.closes_at.isoformat(),
            "total": counts.total,
            "organisations": counts.organisations,
            "people": counts.people,
            "countries": counts.countries,
            "by_country": dict(sorted(counts.by_country.items())),
            "names_hidden": call.names_hidden_at is not None,
            "signatories": [_shown(name) for name in names[:NAMES_ON_PAGE]],
            "next": None if is_last else f"{address}?after={names[NAMES_ON_PAGE - 1].id}",
        },
        json_dumps_params={"ensure_ascii": False},
    )
    response["Link"] = described_by("signatories", request.campaign)
    return response


def _shown(name: Signatory) -> JsonObject:
    kind = "organisation" if name.organisation else "person"
    return {"name": name.name, "name_in_english": name.english, "kind": kind, "country": name.country}
