"""Signatures collected by mail, on paper or in a spreadsheet: the list, entering one, its evidence, accepting it, and
leaving on request."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.downloads import download_response
from apps.core.errors import DomainError
from apps.core.forms import add_error, submit

from ..forms.collected_sign_ons import CollectedForm, LanguageForm, SignerRequestForm
from ..forms.moderation import FilterForm
from ..models import CollectedSignOn, SignOn, SignOnCall
from ..pages.collected_sign_ons import collected_list, collected_page
from ..selectors.collected_sign_ons import collected_rows, collection_calls, evidence_of
from ..selectors.sign_ons import campaign_sign_ons
from ..services.collected_mails import collected_mail_again
from ..services.evidence_acceptance import sign_on_accept_on_evidence, sign_on_leave_on_request
from ..services.sign_on_entry import AlreadyEntered, sign_on_enter


@staff_page(Permission.MODERATE)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """All of them, or with ?state=pending those that do not count yet."""
    chosen = FilterForm(request.GET).values()
    waiting_only = chosen["state"] == SignOn.State.PENDING
    shown = collected_list(request.team_member, waiting_only=waiting_only, number=chosen["page"])
    return render(request, "coalitions/collected.html", {"shown": shown, "waiting_only": waiting_only})


@staff_page(Permission.MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: StaffRequest, call_id: int, kind: str) -> HttpResponse:
    call = collection_call(request, call_id)
    if kind not in SignOn.Kind or not call.is_open_to(kind):
        raise Http404
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = CollectedForm(kind, data, unasked=call.unasked_fields)
    source = LanguageForm(data, files, call=call, initial={"language": get_language()})
    same, status = None, 200
    if data is not None:
        if all([form.is_valid(), source.is_valid()]):
            try:
                entered = sign_on_enter(
                    call=call, typed=form.typed(source.cleaned_data["language"]), source=source.source(),
                    actor=request.user, despite_same="despite_same" in request.POST,
                    version=source.version_chosen(),
                )  # fmt: skip
            except DomainError as error:
                same = error.same if isinstance(error, AlreadyEntered) else None
                add_error(source if error.field in source.fields else form, error)
                status = error.status
            else:
                messages.success(request, _("Entered. It counts once it is confirmed or accepted on the evidence."))
                return redirect("sign_on:collected_show", request.campaign.slug, entered.collected.get().pk)
        else:
            status = 400
    context = {"form": form, "source": source, "call": call, "same": same}
    return render(request, "coalitions/collected_enter.html", context, status=status)


@staff_page(Permission.MODERATE)
@require_safe
def show(request: StaffRequest, collected_id: int) -> HttpResponse:
    return _page(request, _collected(request, collected_id))


@staff_page(Permission.MODERATE)
@require_POST
def accept(request: StaffRequest, collected_id: int) -> HttpResponse:
    """Let it count because of the evidence."""
    collected = _collected(request, collected_id)
    try:
        counted = sign_on_accept_on_evidence(
            sign_on=collected.sign_on, actor=request.user, seen=request.POST.get("seen", "")
        )
    except DomainError as error:
        return _page(request, _collected(request, collected_id), error)
    if counted.state == SignOn.State.HELD:
        messages.warning(request, _("Accepted, but not counted: its organisation signed already. See the queue."))
    else:
        messages.success(request, _accepted(counted))
    return redirect("sign_on:collected_show", request.campaign.slug, collected_id)


def _accepted(sign_on: SignOn) -> str:
    """What it counts for: the version that is signed now, or only the earlier one of the paper."""
    if sign_on.covers.filter(version=sign_on.call.version_id).exists():
        return _("Accepted on the evidence. It counts now.")
    sentence = _("Accepted on the evidence. It counts for version %(version)s, the text that was signed.")
    return sentence % {"version": sign_on.version.number}


@staff_page(Permission.MODERATE)
@require_POST
def mail_again(request: StaffRequest, collected_id: int) -> HttpResponse:
    collected = _collected(request, collected_id)
    try:
        collected_mail_again(collected=collected, actor=request.user)
    except DomainError as error:
        return _page(request, collected, error)
    messages.success(request, _("The email is sent again."))
    return redirect("sign_on:collected_show", request.campaign.slug, collected_id)


@staff_page(Permission.MODERATE)
@require_safe
def evidence(request: StaffRequest, evidence_id: int) -> HttpResponse:
    """The file, as an attachment."""
    found = evidence_of(request.campaign, evidence_id)
    if found is None:
        raise Http404
    return download_response(found.name, bytes(found.content))


@staff_page(Permission.MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: StaffRequest, sign_on_id: int) -> HttpResponse:
    """Withdraw or erase a signature because its signer asked for it."""
    sign_on = get_object_or_404(campaign_sign_ons(request.campaign), pk=sign_on_id)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = SignerRequestForm(data, files)

    def save() -> bool:
        erase = form.cleaned_data["act"] == "erase"
        sign_on_leave_on_request(sign_on=sign_on, source=form.source(), actor=request.user, erase=erase)
        return True

    saved, status = submit(form, save)
    if saved:
        messages.success(request, _("Done, as the signer asked."))
        return redirect("sign_on:index", request.campaign.slug)
    return render(request, "coalitions/leave_on_request.html", {"form": form, "sign_on": sign_on}, status=status)


def collection_call(request: StaffRequest, call_id: int) -> SignOnCall:
    """The call, if signatures to it may still be entered. Raises Http404."""
    call = next((call for call in collection_calls(request.campaign) if call.pk == call_id), None)
    if call is None:
        raise Http404
    return call


def _collected(request: StaffRequest, collected_id: int) -> CollectedSignOn:
    return get_object_or_404(collected_rows(request.campaign), pk=collected_id)


def _page(request: StaffRequest, collected: CollectedSignOn, error: DomainError | None = None) -> HttpResponse:
    context = {"shown": collected_page(request.team_member, collected), "error": error}
    return render(request, "coalitions/collected_show.html", context, status=error.status if error else 200)
