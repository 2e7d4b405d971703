"""The moderation queue and its decisions, one by one and many at once."""

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.forms import add_error
from apps.core.text import first_names
from apps.core.types import Label

from ..forms.moderation import AnswerForm, AskForm, QueueForm, ReaddressForm, RejectForm
from ..models import ModerationDecision, SignOn
from ..pages.moderation import bulk_rows, moderation_page
from ..selectors.sign_ons import campaign_sign_ons, names_visible_to
from ..selectors.signatory_counts import version_counts
from ..services.email_changes import sign_on_readdress
from ..services.moderation import (
    sign_on_accept,
    sign_on_answer_note,
    sign_on_ask,
    sign_on_let_through,
    sign_on_reject,
    sign_on_set_aside,
    sign_on_settle,
    sign_on_verify,
)
from ..services.moderation_bulk import sign_ons_decide
from ..services.moderation_undo import decision_undo


class Act(NamedTuple):
    service: Callable[..., SignOn]
    done: Label
    form: type[forms.Form] | None = None
    #: the page stays at the signature
    stays: bool = False


#: name of the button → act
ACTS = {
    "accept": Act(sign_on_accept, gettext_lazy("Accepted. The name appears where its visibility allows.")),
    "ask": Act(
        sign_on_ask, gettext_lazy("The question is sent by email in five minutes, unless you undo it."), AskForm
    ),
    "reject": Act(sign_on_reject, gettext_lazy("Rejected. It no longer counts."), RejectForm),
    "set_aside": Act(sign_on_set_aside, gettext_lazy("Set aside. It no longer counts. Its signer is not told.")),
    "settle": Act(sign_on_settle, gettext_lazy("Left uncounted, beside the other one. Its signer sees no difference.")),
    "verify": Act(sign_on_verify, gettext_lazy("Authority to sign verified."), stays=True),
    "let_through": Act(sign_on_let_through, gettext_lazy("Let through. The link to confirm was sent.")),
    "note_answer": Act(
        sign_on_answer_note, gettext_lazy("Noted. The signature is in the queue again."), AnswerForm, True
    ),
    "readdress": Act(sign_on_readdress, gettext_lazy("A link was sent to the new address."), ReaddressForm, True),
}
FORMS = {name: act.form for name, act in ACTS.items() if act.form}


@staff_page(Permission.MODERATE)
@require_safe
def queue(request: StaffRequest) -> HttpResponse:
    """The queue, the oldest first, with the first one in detail, or the one that follows ?after=."""
    return _page(request, None)


@staff_page(Permission.MODERATE)
@require_safe
def sign_on(request: StaffRequest, sign_on_id: int) -> HttpResponse:
    return _page(request, _sign_on(request, sign_on_id))


@staff_page(Permission.MODERATE)
@require_POST
def decide(request: StaffRequest, sign_on_id: int) -> HttpResponse:
    """One of ACTS, by the name of the button; then the next signature."""
    chosen = _sign_on(request, sign_on_id)
    name = next((name for name in ACTS if name in request.POST), "")
    if not name:
        return _page(request, chosen, error=DomainError(_("No button was pressed. Choose one.")))
    act = ACTS[name]
    form = act.form(request.POST) if act.form else None
    if form is not None and not form.is_valid():
        return _page(request, chosen, form=(name, form), status=400)
    try:
        words = form.cleaned_data if form is not None else {}
        act.service(sign_on=chosen, actor=request.user, seen=request.POST.get("seen", ""), **words)
    except DomainError as error:
        return _page(request, _sign_on(request, sign_on_id), form=(name, form) if form else None, error=error)
    messages.success(request, str(act.done))
    if act.stays:
        return redirect(_here(request, "sign_on:sign_on", sign_on_id))
    return redirect(_here(request, "sign_on:moderate", after=sign_on_id))


@staff_page(Permission.MODERATE)
@require_POST
def undo(request: StaffRequest, decision_id: int) -> HttpResponse:
    """Take a decision back and show its signature."""
    decision = get_object_or_404(ModerationDecision, campaign=request.campaign, pk=decision_id)
    try:
        mailed = decision_undo(decision=decision, actor=request.user)
    except DomainError as error:
        return _page(request, _sign_on(request, decision.sign_on_id), error=error)
    if mailed:
        messages.warning(request, _("Taken back. The signer had been told by email already, and is not told of this."))
    else:
        messages.success(request, _("Taken back. No email had been sent."))
    return redirect(_here(request, "sign_on:sign_on", decision.sign_on_id))


@staff_page(Permission.MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: StaffRequest) -> HttpResponse:
    """The signatures of a narrowed queue, or those ticked, in one list; POST decides those that are still ticked."""
    form, error = RejectForm(), None
    ids = [int(pk) for pk in request.GET.getlist("row") if pk.isdecimal() and len(pk) < 19]
    if request.method == "POST":
        seen = dict(row.split(":", 1) for row in request.POST.getlist("row") if ":" in row)
        decision = next((name for name in ("accept", "set_aside", "reject") if name in request.POST), "")
        try:
            result = sign_ons_decide(
                campaign=request.campaign, seen={int(pk): print_ for pk, print_ in seen.items() if pk.isdecimal()},
                decision=decision, actor=request.user, reason=request.POST.get("reason", ""),
            )  # fmt: skip
        except DomainError as failure:
            form = RejectForm(request.POST if decision == "reject" else None)
            if failure.field and form.is_bound:
                form.is_valid()
            error = failure
            ids = [int(pk) for pk in seen if pk.isdecimal()] or ids
        else:
            _say_result(request, result.decided, result.left_out)
            return redirect(_here(request, "sign_on:moderate"))
    narrowed = QueueForm(request.GET).narrowed()
    rows, total = bulk_rows(request.team_member, narrowed, ids)
    context = {
        "rows": rows, "total": total, "narrowed": narrowed, "form": form, "error": error, "query": _query(request)
    }  # fmt: skip
    return render(request, "coalitions/moderation_bulk.html", context, status=error.status if error else 200)


def _say_result(request: StaffRequest, decided: list[SignOn], left_out: list[tuple[SignOn, str]]) -> None:
    said = ngettext("%(n)d signature decided.", "%(n)d signatures decided.", len(decided))
    messages.success(request, said % {"n": len(decided)})
    if left_out:
        names = names_visible_to(request.team_member, [row for row, _why in left_out])
        words = ngettext(
            "%(n)d was left out: %(names)s. %(why)s", "%(n)d were left out: %(names)s. %(why)s", len(left_out)
        )
        why = " ".join(dict.fromkeys(reason for _row, reason in left_out))
        shown = first_names(names.values(), 20)
        messages.warning(request, words % {"n": len(left_out), "names": shown, "why": why})


def _page(
    request: StaffRequest,
    chosen: SignOn | None,
    *,
    form: tuple[str, forms.Form] | None = None,
    error: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = QueueForm(request.GET)
    values = asked.values()
    after = campaign_sign_ons(request.campaign).filter(pk=values["after"]).first() if values["after"] else None
    shown = moderation_page(
        request.team_member, narrowed=asked.narrowed(), chosen=chosen, after=after, number=values["page"]
    )
    forms_shown: dict[str, forms.Form] = {name: kind() for name, kind in FORMS.items()}
    if form is not None:
        forms_shown[form[0]] = form[1]
        if error is not None:
            add_error(form[1], error)
    counts = version_counts(shown.chosen.sign_on.current_version) if shown.chosen else None
    context = {"shown": shown, "counts": counts, "forms": forms_shown, "error": error, "query": _query(request)}
    return render(request, "coalitions/moderation.html", context, status=error.status if error else status)


def _query(request: StaffRequest, **more: object) -> str:
    """What narrows the queue, for the next address: "?kind=held", or ""."""
    narrowed = QueueForm(request.GET).narrowed()
    values = {"kind": narrowed.kind, "country": narrowed.country, "domain": narrowed.domain, **more}
    query = urlencode({name: value for name, value in values.items() if value})
    return f"?{query}" if query else ""


def _here(request: StaffRequest, name: str, *args: object, **more: object) -> str:
    return reverse(name, args=[request.campaign.slug, *args]) + _query(request, **more) + "#chosen"


def _sign_on(request: StaffRequest, sign_on_id: int) -> SignOn:
    return get_object_or_404(campaign_sign_ons(request.campaign), pk=sign_on_id)
