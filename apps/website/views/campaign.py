"""The campaign, who signed, and what becomes of personal data."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from apps.campaigns.access import public
from apps.campaigns.models import Campaign
from apps.coalitions.selectors import (
    counts_cached,
    newest_call,
    public_roll_cached,
    signatories_found,
    signatories_of_country,
    signatories_public,
)
from apps.core.territories import country_codes
from apps.governments.pages.shown_day import day_shown, days_of
from apps.governments.selectors import members_on

from ..pages import clock, letter_page, points_shown, public_context, roll_call, stance_map
from .caching import kept_for_a_minute
from .languages import all_spoken, spoken_context
from .lookups import call_or_404, campaign_or_404

#: names per country on the list of all countries
NAMES_EACH = 12
#: names that are listed without a fold
WHOLE_LIST = 400
#: names of one country on a page
NAMES_ON_PAGE = 100


@public
@require_safe
@kept_for_a_minute
def start(request: HttpRequest) -> HttpResponse:
    """The campaigns, or straight to the only one."""
    campaigns = list(Campaign.objects.public().order_by("-starts_on", "name"))
    if len(campaigns) == 1:
        return redirect("website:home", campaigns[0].slug)
    return render(request, "website/start.html", {"campaigns": campaigns})


@public
@require_safe
@kept_for_a_minute
def home(request: HttpRequest, campaign_slug: str) -> HttpResponse:
    """What is asked, how far it is, where governments stand, why, and the way to the letter.

    ?on= a day of the roll call, ?language= that of the reasons, the letter and the names of governments.
    """
    campaign = campaign_or_404(campaign_slug)
    context = public_context(campaign) | spoken_context(request, campaign)
    language = context["spoken"].asked
    call = newest_call(context["main_letter"]) if context["main_letter"] else None
    page = letter_page(call, _language(request)) if call else None
    points = points_shown(campaign, language)
    context |= {
        "section": "home",
        "call": call,
        "page": page,
        "opening": _opening(page),
        "counts": page.counts if page else None,
        "latest": public_roll_cached(call.letter).latest if call else [],
        "clock": clock(campaign, call),
        "points": points,
        "all_spoken": all_spoken(points, context["spoken"]),
        "in_languages": True,
        "facts": sum(point.fact_count for point in points),
        "now": timezone.now(),
    }
    return render(request, "website/home.html", context | _roll(campaign, request.GET.get("on", ""), language))


def _roll(campaign: Campaign, on: str, language: str) -> dict[str, Any]:
    """The roll call of that day with the row of days; `asked` is how many governments are members on the usual one."""
    shown = day_shown(campaign, on)
    return {
        "shown": shown,
        "asked": members_on(shown.usual).count(),
        "days": days_of(campaign, shown.day, shown.today),
        "roll": (roll := roll_call(campaign, shown.day, language)),
        "map": stance_map(roll),
    }


def _opening(page: Any) -> str:
    """The letter's first paragraph of some length, as plain text."""
    blocks = page.edition.body["blocks"] if page else []
    for block in blocks:
        text = "".join(inline.get("text", "") for inline in block.get("content", []) if isinstance(inline, dict))
        if block["type"] == "paragraph" and len(text) > 80:
            return text
    return ""


@public
@require_safe
@kept_for_a_minute
def signatories(request: HttpRequest, campaign_slug: str) -> HttpResponse:
    """Who signed, by country; `?q=` searches, `?country=` shows one country whole, `?letter=` another letter."""
    campaign = campaign_or_404(campaign_slug)
    context = public_context(campaign)
    number = request.GET.get("letter", "")
    letter = context["main_letter"]
    if number.isascii() and number.isdigit() and len(number) < 9:
        letter = call_or_404(campaign, int(number)).letter
    context |= {"section": "signatories", "letter": letter, "now": timezone.now()}
    if letter is not None:
        call = newest_call(letter)
        version = call.version if call else None
        context |= {"version": version, "counts": counts_cached(letter), **_list(letter, request.GET)}
    return render(request, "website/signatories.html", context)


def _list(letter: Any, asked: Any) -> dict[str, Any]:
    """What is listed: names that were searched for, one country's, or all countries."""
    words, code = asked.get("q", "").strip()[:100], asked.get("country", "").upper()
    if words:
        rolls, cut = signatories_found(letter, words)
        return {"q": words.replace("\0", ""), "rolls": rolls, "cut": cut}
    if code in country_codes():
        roll = signatories_of_country(letter, code)
        return {
            "country": code,
            "roll": roll,
            "names": Paginator(roll.names, NAMES_ON_PAGE).get_page(asked.get("page")),
        }
    few = counts_cached(letter).total <= WHOLE_LIST
    return {"rolls": signatories_public(letter, None if few else NAMES_EACH)}


@public
@require_safe
@kept_for_a_minute
def privacy(request: HttpRequest, campaign_slug: str) -> HttpResponse:
    """Who is answerable, what is kept, how long, and how to withdraw."""
    return render(request, "website/privacy.html", public_context(campaign_or_404(campaign_slug)))


def _language(request: HttpRequest) -> str:
    return request.GET.get("language", "") or get_language() or "en"
