"""Addresses that get no mail, and domains whose mail is held back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.core.access import operators
from apps.core.forms import submit

from ..forms import BlockForm, UnblockAddressForm
from ..models import RecipientDomain, Suppression
from ..pages.blocked import blocked_lines, held_domains, suppression_hashes
from ..services.suppressions import address_allow, address_suppress, domain_release

PER_PAGE = 50


@operators
@require_safe
def blocked(request: HttpRequest) -> HttpResponse:
    return _page(request, BlockForm())


@operators
@require_POST
def block(request: HttpRequest) -> HttpResponse:
    form, actor = BlockForm(request.POST), request.user if request.user.is_authenticated else None
    _row, status = submit(
        form, lambda: address_suppress(actor=actor, cause=Suppression.Cause.OPERATOR, **form.cleaned_data)
    )
    if form.errors:
        return _page(request, form, status=status)
    messages.success(request, _("Nothing more is sent to this address."))
    return redirect("postbox:blocked")


@operators
@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = get_object_or_404(Suppression, pk=pk), UnblockAddressForm(request.POST, prefix=str(pk))
    if not form.is_valid():
        return _page(request, BlockForm(), lift_form=form, lift_pk=pk, status=400)
    actor = request.user if request.user.is_authenticated else None
    address_allow(hashes=suppression_hashes(row), actor=actor, why=form.cleaned_data["why"])
    messages.success(request, _("Email may go to this address again."))
    return redirect("postbox:blocked")


@operators
@require_POST
def release_domain(request: HttpRequest, key: str) -> HttpResponse:
    actor = request.user if request.user.is_authenticated else None
    domain_release(domain=get_object_or_404(RecipientDomain, key=key), actor=actor)
    messages.success(request, _("Email to this domain is sent again."))
    return redirect("postbox:blocked")


def _page(
    request: HttpRequest,
    form: BlockForm,
    *,
    lift_form: UnblockAddressForm | None = None,
    lift_pk: int = 0,
    status: int = 200,
) -> HttpResponse:
    page = Paginator(Suppression.objects.order_by("-created_at", "-id"), PER_PAGE).get_page(request.GET.get("page"))
    lines = [
        (line, lift_form if lift_form and line.pk == lift_pk else UnblockAddressForm(prefix=str(line.pk)))
        for line in blocked_lines(page.object_list)
    ]
    context = {"form": form, "page": page, "lines": lines, "domains": held_domains(), "lift_form": lift_form}
    return render(request, "postbox/blocked.html", context, status=status)
