"""An entered table of signatures: accept what waits on its file, or take it back."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.messages import try_and_tell

from ..models import SignOnImport
from ..selectors.collected_sign_ons import acceptable_at_once, evidence_of_import, import_of, imports_to_take_back
from ..services.sign_on_import_acceptance import MOST, sign_on_import_accept
from ..services.sign_on_import_undo import sign_on_import_take_back


def waiting_import(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Pass the view the import that its URL names, while some of its signatures are not confirmed; `waiting` is their
    number. Raises Http404."""

    @wraps(view)
    def with_import(request: StaffRequest, import_id: int) -> HttpResponse:
        if import_of(request.campaign, import_id) is None:
            raise Http404
        batch = imports_to_take_back(request.campaign).filter(pk=import_id).first()
        if batch is None:
            messages.error(request, _("No signature of this import is waiting any more."))
            return redirect("sign_on:collected", request.campaign.slug)
        return view(request, batch)

    return with_import


@staff_page(Permission.MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
@waiting_import
def accept(request: StaffRequest, batch: SignOnImport) -> HttpResponse:
    error = None
    if request.method == "POST":
        seen = request.POST.get("number", "")
        try:
            accepted, left = sign_on_import_accept(
                batch=batch, actor=request.user, seen=int(seen) if seen.isascii() and seen.isdigit() else -1
            )
        except DomainError as caught:
            error = caught
        else:
            said = ngettext("%(n)d signature counts now.", "%(n)d signatures count now.", accepted) % {"n": accepted}
            if left:
                said += " " + ngettext("%(n)d was left.", "%(n)d were left.", left) % {"n": left}
            messages.success(request, said)
            return redirect("sign_on:collected", request.campaign.slug)
    context = {
        "batch": batch, "number": acceptable_at_once(batch).count(), "most": MOST, "error": error,
        "evidence": evidence_of_import(batch),
    }  # fmt: skip
    return render(request, "coalitions/import_accept.html", context, status=error.status if error else 200)


@staff_page(Permission.MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
@waiting_import
def take_back(request: StaffRequest, batch: SignOnImport) -> HttpResponse:
    """What taking it back does, and to how many; POST does it."""
    if request.method != "POST":
        return render(request, "coalitions/import_take_back.html", {"batch": batch})
    try_and_tell(
        request, lambda: sign_on_import_take_back(batch=batch, actor=request.user), _("The import was taken back.")
    )
    return redirect("sign_on:collected", request.campaign.slug)
