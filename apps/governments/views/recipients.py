"""One recipient: everything about it, its addresses, and what else it may be."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.forms import submit
from apps.core.messages import try_and_tell
from apps.core.registries import recipient_notices

from ..forms.recipients import AddressForm, NewRecipientForm, RecipientForm
from ..models import Member, Office, Recipient, RecipientAddress
from ..selectors import possible_duplicates, recipient_fingerprint, recipient_values
from ..services.addresses import address_add, address_allow, address_first, address_restore, address_retire
from ..services.recipient_merge import recipient_merge
from ..services.recipients import (
    ChangedMeanwhile,
    recipient_add,
    recipient_change,
    recipient_set_active,
    recipient_verify,
)

Health = RecipientAddress.Health
SAVED = gettext_lazy("Saved. Changes count from the next mailing. Mailings already prepared do not change.")
#: what the buttons beside an address do
ADDRESS_ACTS = {"retire": address_retire, "restore": address_restore, "first": address_first, "allow": address_allow}


def recipient_of(request: StaffRequest, recipient_id: int) -> Recipient:
    """The recipient, in this campaign only. Raises Http404."""
    rows = Recipient.objects.select_related("office__member", "campaign", "merged_into")
    return get_object_or_404(rows, pk=recipient_id, campaign=request.campaign)


@staff_page(Permission.SEE_CONTACTS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest, code: str) -> HttpResponse:
    """Add somebody to write to. Whom we may know already is shown first, and a person decides."""
    member = get_object_or_404(Member, code=code)
    blank = Recipient(campaign=request.campaign, office=Office(member=member), language=member.working_language)
    if "suggest" in request.POST:
        form = _with_suggestion(NewRecipientForm, request.POST, blank)
        return _new_page(request, member, form, taken=request.POST["suggest"])
    form = NewRecipientForm(request.POST or None, recipient=blank)
    if form.is_valid() and not form.cleaned_data["anyway"]:
        addresses, name = [form.cleaned_data["address"]], form.cleaned_data["name"]
        if duplicates := possible_duplicates(request.campaign, member, addresses=addresses, name=name):
            form.ask_anyway()
            return _new_page(request, member, form, duplicates=duplicates, status=409)
    add = partial(recipient_add, campaign=request.campaign, member=member, actor=request.user)
    made, status = submit(form, lambda: add(**form.values()))
    if made is None:
        return _new_page(request, member, form, status=status)
    messages.success(request, _("Saved. The recipient is in the next mailing, but not in those already prepared."))
    return redirect("recipients:recipient", request.campaign.slug, made.pk)


def _new_page(
    request: StaffRequest, member: Member, form: NewRecipientForm, *, status: int = 200, **extra: object
) -> HttpResponse:
    return render(request, "governments/recipient_new.html", {"form": form, "member": member, **extra}, status=status)


@staff_page(Permission.SEE_CONTACTS)
@require_http_methods(["GET", "HEAD", "POST"])
def recipient(request: StaffRequest, recipient_id: int) -> HttpResponse:
    """The page of one recipient. POST saves it; `suggest=fr` only fills in the suggested salutation."""
    row = recipient_of(request, recipient_id)
    if "suggest" in request.POST:
        return _page(request, row, _with_suggestion(RecipientForm, request.POST, row), taken=request.POST["suggest"])
    form, seen = RecipientForm(request.POST or None, recipient=row), request.POST.get("seen", "")
    change = partial(recipient_change, recipient=row, seen=seen, actor=request.user)
    saved, status = submit(form, lambda: change(values=form.values()))
    if saved:
        messages.success(request, str(SAVED))
        return redirect("recipients:recipient", request.campaign.slug, row.pk)
    if status != ChangedMeanwhile.status:
        return _page(request, row, form, seen=seen if form.is_bound else None, status=status)
    fresh = recipient_of(request, recipient_id)
    differences = [] if fresh.merged_into_id else form.differences(recipient_values(fresh))
    return _page(request, fresh, form, differences=differences, status=status)


def _with_suggestion[F: RecipientForm](kind: type[F], data: QueryDict, row: Recipient) -> F:
    """What was typed, with the suggested salutation in its field. Nothing is saved, and nothing is found wrong yet."""
    code = str(data["suggest"])
    suggested = kind(data, recipient=row).suggestions().get(code)
    if suggested is None:
        return kind(data, recipient=row)
    changed = data.copy()
    changed[f"salutation_{code}"] = suggested
    return kind(changed, recipient=row)


def _page(
    request: StaffRequest, row: Recipient, form: RecipientForm, *, seen: str | None = None, status: int = 200,
    address_form: AddressForm | None = None, **extra: object,
) -> HttpResponse:  # fmt: skip
    """`seen` is handed back as it came where nothing was compared, else it is what is on record now."""
    addresses = list(row.addresses.all())
    kept = [address.address for address in addresses if address.health != Health.RETIRED]
    context = {
        "recipient": row,
        "member": row.office.member,
        "notices": [
            notice for _name, source in recipient_notices.items() for notice in source(row, request.team_member)
        ],
        "form": form,
        "seen": recipient_fingerprint(row) if seen is None else seen,
        "addresses": addresses,
        "first": next((a.pk for a in addresses if a.usable), None),
        "address_form": address_form or AddressForm(),
        "duplicates": possible_duplicates(row.campaign, row.office.member, addresses=kept, name=row.name, but=row)
        if row.merged_into_id is None
        else [],
        "sharers": row.office.recipients.exclude(pk=row.pk).filter(merged_into=None).count(),
        "absorbed": list(row.merged.all()),
        **extra,
    }
    return render(request, "governments/recipient.html", context, status=status)


def _back(request: HttpRequest, row: Recipient, anchor: str = "") -> HttpResponse:
    """To the list that the button stood on, where it says so, else to the recipient."""
    there = request.POST.get("back", "")
    if there and url_has_allowed_host_and_scheme(there, {request.get_host()}, request.is_secure()):
        return redirect(there)
    return redirect(reverse("recipients:recipient", args=[row.campaign.slug, row.pk]) + anchor)


@staff_page(Permission.SEE_CONTACTS)
@require_POST
def verify(request: StaffRequest, recipient_id: int) -> HttpResponse:
    """Somebody checked today that all that the page showed is right."""
    row = recipient_of(request, recipient_id)
    done = _("%(post)s, %(office)s: verified today.") % {"post": row.post, "office": row.office}
    seen = request.POST.get("seen", "")
    try_and_tell(request, lambda: recipient_verify(recipient=row, seen=seen, actor=request.user), done)
    return _back(request, row)


@staff_page(Permission.SEE_CONTACTS)
@require_POST
def set_active(request: StaffRequest, recipient_id: int) -> HttpResponse:
    """`active=1` reactivates, anything else takes it out of every later dispatch."""
    row = recipient_of(request, recipient_id)
    active = request.POST.get("active") == "1"
    again = _("This recipient gets letters again, from the next mailing.")
    done = again if active else _("This recipient gets no more letters.")
    try_and_tell(request, lambda: recipient_set_active(recipient=row, active=active, actor=request.user), done)
    return _back(request, row)


@staff_page(Permission.SEE_CONTACTS)
@require_POST
def address_new(request: StaffRequest, recipient_id: int) -> HttpResponse:
    """Add an address, above all where the one we had is dead."""
    row = recipient_of(request, recipient_id)
    form = AddressForm(request.POST)
    added, status = submit(form, lambda: address_add(recipient=row, actor=request.user, **form.cleaned_data))
    if added is None:
        return _page(request, row, RecipientForm(None, recipient=row), address_form=form, status=status)
    if added.usable:
        messages.success(request, _("Saved. A letter that came back can be sent again with a new mailing."))
    else:
        messages.warning(request, _("Letters do not go to this address. Its status below says why."))
    return _back(request, row, "#addresses")


@staff_page(Permission.SEE_CONTACTS)
@require_POST
def address(request: StaffRequest, recipient_id: int, address_id: int) -> HttpResponse:
    """`do=` retire, restore, first or allow."""
    row = recipient_of(request, recipient_id)
    found = get_object_or_404(RecipientAddress, pk=address_id, recipient=row)
    act = ADDRESS_ACTS.get(request.POST.get("do", ""))
    if act is not None:
        try_and_tell(request, lambda: act(address=found, actor=request.user), SAVED)
    return _back(request, row, "#addresses")


@staff_page(Permission.SEE_CONTACTS)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: StaffRequest, recipient_id: int, other_id: int) -> HttpResponse:
    """Two rows side by side; POST merges the other into this one."""
    kept, other = recipient_of(request, recipient_id), recipient_of(request, other_id)
    error = ""
    if request.method == "POST":
        try:
            recipient_merge(kept=kept, other=other, actor=request.user)
        except DomainError as failure:
            error = str(failure)
        else:
            messages.success(request, _("Merged. Letters sent to either now count for this recipient."))
            return redirect("recipients:recipient", request.campaign.slug, kept.pk)
    pair = [(row, list(row.addresses.all())) for row in (kept, other)]
    context = {"kept": kept, "other": other, "pair": pair, "member": kept.office.member, "error": error}
    return render(request, "governments/merge.html", context, status=409 if error else 200)
