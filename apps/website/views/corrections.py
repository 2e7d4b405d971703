"""The public form that proposes a correction of whom we write to. It shows nothing of what we know."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.campaigns.access import public
from apps.campaigns.models import Campaign
from apps.coalitions.services import TooManyForms, submission_admit
from apps.core.forms import add_error
from apps.governments.forms import CorrectionForm
from apps.governments.selectors import members_on, reference_day
from apps.governments.services import correction_propose

from ..pages import public_context
from .caching import kept_for_a_minute
from .letters import client_address
from .lookups import campaign_or_404


@public
@require_http_methods(["GET", "HEAD", "POST"])
@kept_for_a_minute
def corrections(request: HttpRequest, campaign_slug: str) -> HttpResponse:
    """The form. POST answers the same to everybody, whatever we know; a person looks at it later."""
    campaign = campaign_or_404(campaign_slug)
    day = reference_day(campaign)
    form = CorrectionForm(request.POST if request.method == "POST" else None, members=list(members_on(day)), day=day)
    status = 200
    if form.is_bound:
        status = _submit(request, campaign, form)
        if status == 303:
            return redirect("website:correction_sent", campaign.slug)
    return render(request, "website/corrections.html", public_context(campaign) | {"form": form}, status=status)


def _submit(request: HttpRequest, campaign: Campaign, form: CorrectionForm) -> int:
    """303 where it was taken, else the status of the page that says why not. One brake for all public forms."""
    if not form.is_valid():
        return 400
    try:
        submission_admit(ip=client_address(request))
    except TooManyForms as error:
        add_error(form, error)
        return 429
    correction_propose(campaign=campaign, **form.proposal())
    return 303


@public
@require_safe
@kept_for_a_minute
def correction_sent(request: HttpRequest, campaign_slug: str) -> HttpResponse:
    """What happens next: the same words for everybody."""
    return render(request, "website/correction_sent.html", public_context(campaign_or_404(campaign_slug)))
