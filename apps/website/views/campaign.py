"""The list of campaigns, a campaign's home page, its signatories and its privacy notice."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from apps.campaigns.access import public
from apps.campaigns.models import Campaign
from apps.campaigns.selectors import processing_details
from apps.coalitions.models import SignOnCall
from apps.coalitions.pages.sharing import letter_sharing
from apps.coalitions.selectors.calls import letter_departure, main_letter, newest_call
from apps.coalitions.selectors.signatory_counts import SignatoryCounts, version_counts
from apps.coalitions.selectors.signatory_lists import (
    call_signatories,
    country_signatories,
    latest_signatories,
    search_signatories,
)
from apps.core.territories import organisation_codes
from apps.governments.pages.as_of_date import as_of_dates, parse_as_of_date
from apps.governments.selectors import members_on
from apps.outreach.selectors.letter_outcomes import letter_figures

from ..pages.campaign import countdown, stance_chart, stance_map
from ..pages.letters import letter_page
from ..pages.points import points_context, shown_points
from ..pages.preview_picture import preview_picture_of
from .public_page import CampaignRequest, cache_page_publicly, call_or_404, content_context, page_context, public_page

#: up to this many signatures, the list of all countries shows every name; beyond, about as many in all
WHOLE_LIST = 400
#: but at least and at most so many of each country
FEWEST_EACH, MOST_EACH = 2, 12
#: names on a page of one country
NAMES_ON_PAGE = 100


@public
@require_safe
@cache_page_publicly
def start(request: HttpRequest) -> HttpResponse:
    campaigns = list(Campaign.objects.public().order_by("-starts_on", "name"))
    if len(campaigns) == 1:
        return redirect("website:home", campaigns[0].slug)
    return render(request, "website/start.html", {"campaigns": campaigns})


@public_page
def home(request: CampaignRequest) -> HttpResponse:
    """?on= a day of the roll call, ?language= that of the reasons, the letter and the names of governments."""
    campaign, language = request.campaign, request.content.requested
    letter = main_letter(campaign)
    call = newest_call(letter) if letter else None
    page = letter_page(call, request.GET.get("language", "") or get_language() or "en") if call else None
    sent = letter_departure(call.version) if call else None
    context = {
        "section": "home",
        "call": call,
        "page": page,
        "counts": page.counts if page else None,
        "sharing": letter_sharing(call, request.GET.get("language", "")) if call else None,
        "picture": preview_picture_of(call, page.edition.language) if call and page else None,
        "latest": latest_signatories(call) if call else [],
        "sent": sent,
        "answered": letter_figures(call.letter)["answered"] if call and sent else 0,
        "clock": countdown(campaign, call),
        "now": timezone.now(),
        **points_context(shown_points(campaign, language), request.content),
        **_roll(campaign, request.GET.get("on", ""), language),
    }
    return render(request, "website/home.html", content_context(request) | context)


def _roll(campaign: Campaign, on: str, language: str) -> dict[str, object]:
    """The roll call of that day; `asked` is the number of governments on the day shown by default."""
    shown = parse_as_of_date(campaign, on)
    chart = stance_chart(campaign, shown.day, language)
    return {
        "shown": shown,
        "asked": members_on(shown.usual).count(),
        "days": as_of_dates(campaign, shown.day, shown.today),
        "roll": chart,
        "map": stance_map(chart),
    }


@public_page
def signatories(request: CampaignRequest) -> HttpResponse:
    """By country; ?q= searches, ?country= shows all names of one country, ?letter= another letter."""
    number = request.GET.get("letter", "")
    letter = main_letter(request.campaign)
    call = newest_call(letter) if letter else None
    if number.isascii() and number.isdigit() and len(number) < 9:
        call = call_or_404(request.campaign, int(number))
    context: dict[str, object] = {"section": "signatories", "now": timezone.now()}
    if call is not None:
        counts = version_counts(call.version)
        context |= {"call": call, "letter": call.letter, "version": call.version, "counts": counts}
        context |= _names(call, counts, request.GET)
    return render(request, "website/signatories.html", page_context(request) | context)


def _names(call: SignOnCall, counts: SignatoryCounts, query: QueryDict) -> dict[str, object]:
    words, code = query.get("q", "").strip()[:100], query.get("country", "").upper()
    if words:
        rolls, cut = search_signatories(call.letter, words)
        return {"q": words.replace("\0", ""), "rolls": rolls, "cut": cut}
    if code in organisation_codes():
        last = query.get("after", "")
        after = int(last) if last.isascii() and last.isdigit() and len(last) < 18 else 0
        roll = country_signatories(call.letter, code, after=after, most=NAMES_ON_PAGE + 1)
        names = roll.names[:NAMES_ON_PAGE]
        more = names[-1].id if len(roll.names) > NAMES_ON_PAGE else 0
        return {"country": code, "roll": roll, "names": names, "after": after, "more": more}
    each = max(FEWEST_EACH, min(MOST_EACH, WHOLE_LIST // max(len(counts.named), 1)))
    return {"rolls": call_signatories(call, counts, None if counts.total <= WHOLE_LIST else each)}


@public_page
def privacy(request: CampaignRequest) -> HttpResponse:
    officer = processing_details(request.campaign).data_protection_officer
    return render(request, "website/privacy.html", {**page_context(request), "officer": officer})
