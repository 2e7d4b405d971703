"""Corrections that the public proposed: the queue, and what a person decides."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.forms import submit

from ..forms.fields import KINDS
from ..forms.recipient_corrections import AcceptForm, DeclineForm
from ..models import Correction, Recipient
from ..selectors import corrections_waiting, recipient_fingerprint
from ..services.recipient_corrections import correction_accept, correction_decline

#: waiting corrections on one page, and recent decisions below them
PER_PAGE, DECIDED = 50, 20
LABELS = {
    "office": gettext_lazy("Office"), "post": gettext_lazy("Post"), "name": gettext_lazy("Name"),
    "address": gettext_lazy("Email address"), "phone": gettext_lazy("Phone"),
}  # fmt: skip


def correction_of(request: StaffRequest, correction_id: int) -> Correction:
    """The correction, in this campaign only. Raises Http404."""
    rows = Correction.objects.select_related("member", "recipient", "decided_by")
    return get_object_or_404(rows, pk=correction_id, campaign=request.campaign)


def possible_recipients(correction: Correction) -> QuerySet[Recipient]:
    """The recipients that the correction may be about."""
    rows = Recipient.objects.filter(campaign=correction.campaign, merged_into=None, office__member=correction.member)
    return rows.select_related("office__member").prefetch_related("addresses").order_by("-active", "office__kind", "pk")


@staff_page(Permission.SEE_CONTACTS)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    waiting = Paginator(corrections_waiting(request.campaign), PER_PAGE).get_page(request.GET.get("page"))
    decided = Correction.objects.filter(campaign=request.campaign).exclude(state=Correction.State.WAITING)
    context = {
        "total": waiting.paginator.count,
        "waiting": waiting,
        "decided": decided.select_related("member", "decided_by", "recipient").order_by(
            F("decided_at").desc(nulls_last=True), "-pk"
        )[:DECIDED],
    }
    return render(request, "governments/corrections.html", context)


@staff_page(Permission.SEE_CONTACTS)
@require_safe
def correction(request: StaffRequest, correction_id: int) -> HttpResponse:
    """What is proposed beside what is on record; ?recipient= chooses with whom it is compared ("new": nobody)."""
    return _page(request, correction_of(request, correction_id))


def _page(request: StaffRequest, row: Correction, *, status: int = 200, **extra: object) -> HttpResponse:
    candidates = list(possible_recipients(row))
    chosen = _chosen(row, candidates, request.POST.get("recipient") or request.GET.get("recipient", ""))
    ticked = request.POST.getlist("fields_chosen")
    on_record = _on_record(chosen)
    lines = [
        (name, LABELS[name], on_record[name], getattr(row, name), name in ticked)
        for name in row.PROPOSED
        if getattr(row, name)
    ]
    context = {
        "correction": row,
        "candidates": candidates,
        "chosen": chosen,
        "seen": recipient_fingerprint(chosen) if chosen else "",
        "lines": lines,
        "kind": dict(KINDS).get(row.kind, ""),
        "accepted": [LABELS[name] for name in row.accepted],
        "decline_form": DeclineForm(),
        "error": "",
        **extra,
    }
    return render(request, "governments/correction.html", context, status=status)


def _chosen(row: Correction, candidates: list[Recipient], asked: str) -> Recipient | None:
    """Whom the proposal is compared with: the one asked for, else the one with that post or office, else the first."""
    if asked == "new":
        return None
    found = next((one for one in candidates if str(one.pk) == asked), None)
    if found is not None:
        return found
    if row.recipient is not None:
        return row.recipient
    said = {row.post.casefold(), row.office.casefold()} - {""}
    likely = (one for one in candidates if {one.post.casefold(), one.office.name.casefold()} & said)
    return next(likely, candidates[0] if candidates else None)


def _on_record(recipient: Recipient | None) -> dict[str, str]:
    if recipient is None:
        return dict.fromkeys(Correction.PROPOSED, "")
    addresses = ", ".join(address.address for address in recipient.addresses.all())
    return {
        "office": recipient.office.name, "post": recipient.post, "name": recipient.name, "address": addresses,
        "phone": recipient.phone,
    }  # fmt: skip


@staff_page(Permission.SEE_CONTACTS)
@require_POST
def accept(request: StaffRequest, correction_id: int) -> HttpResponse:
    """Write the ticked fields into the chosen recipient, or into a new one where "new" is chosen."""
    row = correction_of(request, correction_id)
    data = request.POST.copy()
    is_new = data.get("recipient") == "new"
    if is_new:
        data["recipient"] = ""
    form = AcceptForm(data, recipients=possible_recipients(row))
    if not form.is_valid() or not (is_new or form.cleaned_data["recipient"]):
        return _page(request, row, status=400, error=_("Choose the recipient, and tick the fields that are right."))
    try:
        recipient = correction_accept(
            correction=row, fields=form.cleaned_data["fields_chosen"], actor=request.user,
            recipient=form.cleaned_data["recipient"], seen=request.POST.get("seen", ""),
        )  # fmt: skip
    except DomainError as error:
        return _page(request, correction_of(request, correction_id), status=409, error=str(error))
    messages.success(request, _("Accepted. Check that the salutation still fits, and mark the recipient as verified."))
    return redirect("recipients:recipient", request.campaign.slug, recipient.pk)


@staff_page(Permission.SEE_CONTACTS)
@require_POST
def decline(request: StaffRequest, correction_id: int) -> HttpResponse:
    """Apply nothing, and say why."""
    row = correction_of(request, correction_id)
    form = DeclineForm(request.POST)
    decline = partial(correction_decline, correction=row, actor=request.user)
    declined, status = submit(form, lambda: decline(**form.cleaned_data))
    if declined is None:
        fresh, error = correction_of(request, correction_id), " ".join(map(str, form.non_field_errors()))
        return _page(request, fresh, status=status, decline_form=form, error=error)
    messages.success(request, _("Declined. Nothing changed."))
    return redirect("recipients:corrections", request.campaign.slug)
