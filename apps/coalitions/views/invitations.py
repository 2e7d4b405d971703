"""Inviting organisations to sign: the list and what is wrong with it, the mails, the states, reminding the silent."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.forms import add_error

from ..forms.invitations import CheckedLine, InvitationsFilterForm, InviteForm, NumberForm
from ..forms.organisations import FindForm
from ..models import SignOnCall
from ..pages.invitations import SIGNED_BY, STATES, invitations_page, invited_previews, known_page, reminder_page
from ..selectors.invitations import invitable, invitation_calls
from ..selectors.organisations import organisations_visible_to
from ..services.invitations import InvitedOrganisation, NumberChanged, invitations_create, invitations_remind

#: rows of a list that a page shows
MOST_SHOWN = 200


@staff_page(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: StaffRequest, call_id: int) -> HttpResponse:
    """POST act=check shows the lines with their errors, act=mail the mails, act=send invites. Nothing is stored before
    that."""
    call = _call(request, call_id)
    if not invitable(call):
        return redirect("sign_on:invitations", request.campaign.slug, call.pk)
    if request.method != "POST":
        return _list_page(request, call, InviteForm(call=call))
    known, act = organisations_visible_to(request.team_member), request.POST.get("act")
    form = InviteForm(request.POST, request.FILES, call=call, known=known)
    if not form.is_valid():
        return _list_page(request, call, form, status=400)
    lines = form.lines()
    new = [line.row for line in lines if line.state == "new" and line.row is not None]
    form = _corrected(call, form.cleaned_data["text"], form.cleaned_data["language"])
    if act == "send":
        return _send(request, call, form, lines, new)
    if act == "mail" and new:
        return _mail_page(request, call, form, lines, new)
    return _list_page(request, call, form, lines)


@staff_page(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def invite_known(request: StaffRequest, call_id: int) -> HttpResponse:
    """Organisations that the campaign knows, narrowed and ticked; POST only carries on what was typed and ticked. The
    page of the list takes them from here."""
    call = _call(request, call_id)
    if not invitable(call):
        return redirect("sign_on:invitations", request.campaign.slug, call.pk)
    chosen = FindForm(request.POST).values()
    ids = {int(pk) for pk in request.POST.getlist("organisation") if pk.isdecimal() and len(pk) < 18}
    ticked = organisations_visible_to(request.team_member).filter(pk__in=ids).values_list("pk", flat=True)
    shown = known_page(
        request.team_member, call, chosen=chosen, ticked=set(ticked), tick_all=request.POST.get("act") == "all"
    )
    form = _corrected(
        call, request.POST.get("pasted", ""), request.POST.get("language") or InviteForm(call=call).initial["language"]
    )
    return render(
        request, "coalitions/invite_known.html", {"call": call, "shown": shown, "chosen": chosen, "form": form}
    )


def _corrected(call: SignOnCall, text: str, language: str) -> InviteForm:
    return InviteForm(call=call, initial={"pasted": text, "language": language})


def _send(
    request: StaffRequest, call: SignOnCall, form: InviteForm, lines: list[CheckedLine],
    new: list[InvitedOrganisation],
) -> HttpResponse:  # fmt: skip
    """Invite those that the reader saw; lines with errors stay in the text area."""
    try:
        if request.POST.get("number") != str(len(new)) or not new:
            raise NumberChanged
        number = len(invitations_create(call=call, actor=request.user, rows=new))
    except DomainError as error:
        form.is_bound, form.data = True, {**form.initial}
        add_error(form, error)
        return _list_page(request, call, form, lines, status=error.status)
    said = ngettext("%(n)d organisation invited.", "%(n)d organisations invited.", number)
    messages.success(request, said % {"n": number})
    wrong = [line for line in lines if line.errors]
    if not wrong:
        return redirect("sign_on:invitations", request.campaign.slug, call.pk)
    text = "\n".join(line.line for line in wrong)
    left = _corrected(call, text, form.initial["language"])
    for number, line in enumerate(wrong, start=1):
        line.number = number
    return _list_page(request, call, left, wrong)


@staff_page(Permission.MANAGE)
@require_safe
def index(request: StaffRequest, call_id: int) -> HttpResponse:
    """Who was invited. ?state= narrows to a state, ?q= to words of the name."""
    call = _call(request, call_id)
    chosen = InvitationsFilterForm(request.GET).values()
    shown = invitations_page(call, state=chosen["state"], wanted=chosen["q"], number=chosen["page"])
    context = {
        "call": call, "shown": shown, "page": shown.page, "chosen": chosen, "states": STATES, "signed_by": SIGNED_BY,
        "invitable": invitable(call),
    }  # fmt: skip
    return render(request, "coalitions/invitations.html", context)


@staff_page(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: StaffRequest, call_id: int) -> HttpResponse:
    """GET shows how many and who, POST number=… has them reminded."""
    call = _call(request, call_id)
    if request.method != "POST":
        return _remind_page(request, call)
    form = NumberForm(request.POST)
    try:
        if not form.is_valid():
            raise NumberChanged
        number = invitations_remind(call=call, actor=request.user, number=form.cleaned_data["number"])
    except DomainError as error:
        return _remind_page(request, call, error)
    said = ngettext("%(n)d organisation is reminded.", "%(n)d organisations are reminded.", number)
    messages.success(request, said % {"n": number})
    return redirect("sign_on:invitations", request.campaign.slug, call.pk)


def _call(request: StaffRequest, call_id: int) -> SignOnCall:
    call = invitation_calls(request.campaign).filter(pk=call_id).first()
    if call is None:
        raise Http404
    return call


def _list_page(
    request: StaffRequest, call: SignOnCall, form: InviteForm, lines: list[CheckedLine] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    lines = lines or []
    new = [line for line in lines if line.state == "new"]
    context = {
        "call": call, "form": form, "lines": lines, "new": len(new),
        "left_out": [line for line in lines if line.state != "new"][:MOST_SHOWN], "others": len(lines) - len(new),
        "errors": sum(bool(line.errors) for line in lines), "shown": [line.row for line in new[:MOST_SHOWN]],
        "more": max(0, len(new) - MOST_SHOWN),
    }  # fmt: skip
    return render(request, "coalitions/invite.html", context, status=status)


def _mail_page(
    request: StaffRequest, call: SignOnCall, form: InviteForm, lines: list[CheckedLine],
    new: list[InvitedOrganisation],
) -> HttpResponse:  # fmt: skip
    context = {
        "call": call, "form": form, "previews": invited_previews(call, new), "new": len(new),
        "shown": new[:MOST_SHOWN], "more": max(0, len(new) - MOST_SHOWN),
        "others": len(lines) - len(new), "waits_until": call.embargoed_until,
    }  # fmt: skip
    return render(request, "coalitions/invite_mail.html", context)


def _remind_page(request: StaffRequest, call: SignOnCall, error: DomainError | None = None) -> HttpResponse:
    number = InvitationsFilterForm(request.GET).values()["page"]
    shown = reminder_page(call, number)
    context = {"call": call, "shown": shown, "page": shown.page, "error": error, "invitable": invitable(call)}
    return render(request, "coalitions/invitations_remind.html", context, status=error.status if error else 200)
