"""The public form that proposes a correction of a recipient. It shows nothing of the data we have."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from apps.coalitions.services.submission import TooManyForms, submission_admit
from apps.core.forms import add_error
from apps.core.rate_limit import client_address
from apps.governments.forms.recipient_corrections import CorrectionForm
from apps.governments.selectors import members_on, reference_day
from apps.governments.services.recipient_corrections import correction_propose

from .public_page import CampaignRequest, page_context, public_form, public_page


@public_form
def corrections(request: CampaignRequest) -> HttpResponse:
    """POST answers the same to everybody, whatever we know; a person looks at the proposal later."""
    day = reference_day(request.campaign)
    form = CorrectionForm(request.POST if request.method == "POST" else None, members=list(members_on(day)), day=day)
    status = _submit(request, form) if form.is_bound else 200
    if status == 303:
        return redirect("website:correction_sent", request.campaign.slug)
    return render(request, "website/corrections.html", page_context(request) | {"form": form}, status=status)


def _submit(request: CampaignRequest, form: CorrectionForm) -> int:
    """303 if it was accepted, otherwise the status of the page with the errors. All public forms share one limit."""
    if not form.is_valid():
        return 400
    try:
        submission_admit(ip=client_address(request))
    except TooManyForms as error:
        add_error(form, error)
        return 429
    correction_propose(campaign=request.campaign, **form.proposal())
    return 303


@public_page
def correction_sent(request: CampaignRequest) -> HttpResponse:
    return render(request, "website/correction_sent.html", page_context(request))
