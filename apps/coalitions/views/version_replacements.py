"""A later version in place of the one that is signed: propose it, agree or cancel, remind who has not answered."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.forms import add_error
from apps.letters.pages.version_differences import shown_difference

from ..forms.version_replacements import ReplacementForm
from ..models import VersionReplacement
from ..selectors.calls import campaign_calls, letter_departure
from ..selectors.version_replacements import (
    RELATED,
    carried_and_counted,
    concerned,
    may_answer,
    notice_numbers,
    proposed_replacement,
    silent_numbers,
    version_to_replace_with,
)
from ..services.exceptions import SecondPersonAgrees
from ..services.signer_notices import silent_remind
from ..services.version_replacements import (
    version_replacement_agree,
    version_replacement_cancel,
    version_replacement_propose,
)


@staff_page(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: StaffRequest, call_id: int) -> HttpResponse:
    """The form beside what will happen, over the difference. POST proposes; nothing changes until somebody agrees."""
    call = get_object_or_404(campaign_calls(request.campaign), pk=call_id)
    waiting = proposed_replacement(call)
    if waiting is not None:
        return redirect("sign_on:replacement", request.campaign.slug, waiting.pk)
    version = version_to_replace_with(call)
    context: dict[str, object] = {"call": call, "version": version, "sent": letter_departure(call.version)}
    if version is None or context["sent"]:
        return render(request, "coalitions/replace.html", context)
    form, status = ReplacementForm(request.POST or None, call=call, version=version), 200
    if form.is_bound:
        status = DomainError.status
        try:
            if form.is_valid():
                seen = request.POST.get("after", "")
                after = int(seen) if seen.isdecimal() and len(seen) < 9 else version.number
                made = version_replacement_propose(call=call, actor=request.user, after=after, **form.values())
                messages.success(request, _("Proposed. Another person has to agree before anything changes."))
                return redirect("sign_on:replacement", request.campaign.slug, made.pk)
        except DomainError as error:
            error.field, status = form.field_of(error.field), error.status
            add_error(form, error)
    context |= {
        "form": form, "difference": shown_difference(call.version, version), "concerned": concerned(call, version)
    }  # fmt: skip
    return render(request, "coalitions/replace.html", context, status=status)


@staff_page(Permission.READ)
@require_safe
def show(request: StaffRequest, replacement_id: int) -> HttpResponse:
    return _page(request, _replacement(request, replacement_id))


@staff_page(Permission.REVIEW)
@require_POST
def agree(request: StaffRequest, replacement_id: int) -> HttpResponse:
    replacement = _replacement(request, replacement_id)
    try:
        version_replacement_agree(replacement=replacement, actor=request.user)
    except DomainError as error:
        return _page(request, _replacement(request, replacement_id), error)
    messages.success(request, _("Done. The public page shows the new version, and signers are told by email."))
    return redirect("sign_on:replacement", request.campaign.slug, replacement.pk)


@staff_page(Permission.REVIEW)
@require_POST
def cancel(request: StaffRequest, replacement_id: int) -> HttpResponse:
    replacement = _replacement(request, replacement_id)
    try:
        version_replacement_cancel(replacement=replacement, actor=request.user)
    except DomainError as error:
        return _page(request, _replacement(request, replacement_id), error)
    messages.success(request, _("Cancelled. The version that is signed stays."))
    return redirect("sign_on:index", request.campaign.slug)


@staff_page(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: StaffRequest, replacement_id: int) -> HttpResponse:
    """GET says how many would get a reminder, POST sends it."""
    replacement, error, status = _replacement(request, replacement_id), None, 200
    if request.method == "POST":
        try:
            number = silent_remind(replacement=replacement, actor=request.user)
        except DomainError as refused:
            error, status = refused, refused.status
        else:
            words = ngettext("%(n)d signer gets a reminder.", "%(n)d signers get a reminder.", number)
            messages.success(request, words % {"n": number})
            return redirect("sign_on:replacement", request.campaign.slug, replacement.pk)
    context = {
        "replacement": replacement, "call": replacement.call, "error": error, "silent": silent_numbers(replacement)
    }  # fmt: skip
    return render(request, "coalitions/replacement_remind.html", context, status=status)


def _replacement(request: StaffRequest, replacement_id: int) -> VersionReplacement:
    found = VersionReplacement.objects.filter(campaign=request.campaign).select_related(*RELATED, "call__version")
    return get_object_or_404(found, pk=replacement_id)


def _page(request: StaffRequest, replacement: VersionReplacement, error: DomainError | None = None) -> HttpResponse:
    agreed = replacement.state == VersionReplacement.State.AGREED
    context: dict[str, object] = {
        "replacement": replacement, "call": replacement.call, "error": error, "agreed": agreed,
        "waits": replacement.state == VersionReplacement.State.PROPOSED,
        "difference": shown_difference(replacement.before, replacement.after),
        "own": replacement.proposed_by_id == request.user.pk, "own_words": SecondPersonAgrees.default_message,
    }  # fmt: skip
    if context["waits"]:
        context["concerned"] = concerned(replacement.call, replacement.after)
    if agreed:
        context |= {"numbers": notice_numbers(replacement), "counted": carried_and_counted(replacement)}
    if agreed and not replacement.is_correction:
        context |= {"silent": silent_numbers(replacement), "answers": may_answer(replacement)}
    return render(request, "coalitions/replacement.html", context, status=error.status if error else 200)
