"""The public form that proposes a correction of a recipient. It shows nothing of the data we have."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from apps.coalitions.services.submission import submission_admit
from apps.core.forms import is_untouched_switch, submit
from apps.core.rate_limit import client_address
from apps.governments.forms.recipient_corrections import CorrectionForm
from apps.governments.models import Correction
from apps.governments.selectors import members_on, reference_day
from apps.governments.services.recipient_corrections import correction_propose

from .public_page import CampaignRequest, page_context, public_form, public_page


@public_form
def corrections(request: CampaignRequest) -> HttpResponse:
    """POST answers the same to everybody, whatever we know; a person looks at the proposal later."""
    day = reference_day(request.campaign)
    form = CorrectionForm(request.POST if request.method == "POST" else None, members=list(members_on(day)), day=day)
    if is_untouched_switch(form):
        return redirect(request.get_full_path())
    proposed, status = submit(form, lambda: _propose(request, form))
    if proposed:
        return redirect("website:correction_sent", request.campaign.slug)
    return render(request, "website/corrections.html", page_context(request) | {"form": form}, status=status)


def _propose(request: CampaignRequest, form: CorrectionForm) -> Correction:
    submission_admit(ip=client_address(request))  # all public forms share one limit
    return correction_propose(campaign=request.campaign, **form.proposal())


@public_page
def correction_sent(request: CampaignRequest) -> HttpResponse:
    return render(request, "website/correction_sent.html", page_context(request))
