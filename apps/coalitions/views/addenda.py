"""Addenda to the list of signatories: see them, freeze one, print one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.downloads import inline_response
from apps.core.errors import DomainError

from ..pages.addenda import addenda_page, addendum_pdf
from ..selectors.annexes import campaign_addenda
from ..selectors.calls import campaign_calls
from ..services.annexes import NobodyNew, addendum_freeze


@staff_page(Permission.READ)
@require_safe
def addenda(request: StaffRequest, call_id: int) -> HttpResponse:
    return _page(request, call_id)


@staff_page(Permission.MANAGE)
@require_POST
def freeze(request: StaffRequest, call_id: int) -> HttpResponse:
    call = get_object_or_404(campaign_calls(request.campaign), pk=call_id)
    shown = addenda_page(call)
    try:
        if shown.annex is None:
            raise NobodyNew
        addendum_freeze(annex=shown.annex, actor=request.user)
    except DomainError as error:
        return _page(request, call_id, error)
    messages.success(request, _("The addendum is frozen. You can print it as PDF."))
    return redirect("sign_on:addenda", request.campaign.slug, call_id)


@staff_page(Permission.SEE_CONTACTS)
@require_safe
def addendum(request: StaffRequest, annex_id: int) -> HttpResponse:
    """As PDF. It has the names that only governments may see."""
    found = get_object_or_404(campaign_addenda(request.campaign), pk=annex_id)
    name = f"letter-{found.letter.number}-addendum-{found.pk}.pdf"
    return inline_response(name, addendum_pdf(found), "application/pdf")


def _page(request: StaffRequest, call_id: int, error: DomainError | None = None) -> HttpResponse:
    call = get_object_or_404(campaign_calls(request.campaign), pk=call_id)
    context = {"call": call, "shown": addenda_page(call), "error": error}
    return render(request, "coalitions/addenda.html", context, status=error.status if error else 200)
