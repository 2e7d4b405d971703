"""The letter with its form filled in for an organisation that the team invited."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from apps.coalitions.forms.sign_on import OrganisationForm
from apps.coalitions.models import Invitation, SignOnCall
from apps.coalitions.sealed_submissions import submission_seal
from apps.coalitions.selectors.invitations import invitation_by_link
from apps.coalitions.services.invitation_answers import invitation_start
from apps.coalitions.services.submission import Submitted
from apps.core.access import behind_token
from apps.core.forms import is_switch, is_untouched_switch, submit

from .letters import letter_response, submit_signature
from .public_page import CampaignRequest, call_seen_by, public_form

#: what an invitation knows of the fields of the form
FILLED_IN = ("org_name", "country", "org_website", "person_name", "email")


@csrf_exempt  # as the form to sign: there is no cookie
@public_form
@behind_token
def invited(request: CampaignRequest, number: int, token: str) -> HttpResponse:
    """Works until signing closes, for whoever has the link. Opening it changes nothing; sending the form notes that it
    was started, also where something has to be corrected."""
    call, invitation = call_seen_by(request, number), invitation_by_link(token)
    kind = OrganisationForm.kind.value
    if invitation is None or invitation.call_id != call.pk or not call.is_open() or not call.is_open_to(kind):
        form = OrganisationForm(unasked=call.unasked_fields)
        status = 404 if invitation is None else 410
        return letter_response(request, call, kind, form, status=status, passed_on="broken")
    data = request.POST if request.method == "POST" else None
    initial = {name: getattr(invitation, name) for name in FILLED_IN}
    form = OrganisationForm(data, initial=initial, unasked=call.unasked_fields)
    if is_untouched_switch(form):
        return redirect(request.get_full_path())
    if data is not None and not is_switch(form):
        invitation_start(token=token)
    submitted, status = submit(form, lambda: _submit(request, call, form, token))
    if submitted:
        return redirect("website:mail_sent", request.campaign.slug, number, submission_seal(*submitted.mailed_about))
    return _page(request, call, form, invitation, token, status)


def _submit(request: CampaignRequest, call: SignOnCall, form: OrganisationForm, token: str) -> Submitted:
    submitted = submit_signature(request, call, form)
    invitation_start(token=token, sign_on=submitted.sign_on)
    return submitted


def _page(
    request: CampaignRequest, call: SignOnCall, form: OrganisationForm, invitation: Invitation, token: str, status: int
) -> HttpResponse:
    more = {
        "invitation": invitation, "form_address": request.path, "switch_address": "",
        "decline_address": reverse("signing:invitation", args=[token]),
    }  # fmt: skip
    kind = OrganisationForm.kind.value
    return letter_response(request, call, kind, form, status=status, passed_on="invited", more=more)
