"""Organisations: the list, one of them, merging two and undoing it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.forms import submit

from ..forms.organisations import FindForm, OrganisationForm
from ..models import Organisation, OrganisationMerge
from ..pages.organisations import merge_page, organisation_list, organisation_page
from ..selectors.organisations import organisation_fingerprint, organisations_visible_to
from ..services.organisation_merges import organisation_merge, organisation_merge_undo
from ..services.organisations import organisation_save


@staff_page(Permission.READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """Organisations found by ?q=, ?country= and ?coalition=."""
    chosen = FindForm(request.GET).values()
    shown = organisation_list(
        request.team_member, words=chosen["q"], country=chosen["country"], coalition=chosen["coalition"],
        number=chosen["page"],
    )  # fmt: skip
    return render(request, "coalitions/organisations.html", {"shown": shown, "chosen": chosen})


@staff_page(Permission.READ)
@require_safe
def show(request: StaffRequest, organisation_id: int) -> HttpResponse:
    """Its names, coalitions and people; of a merged one, the page of the one kept."""
    merged = Organisation.objects.filter(
        campaign=request.campaign, pk=organisation_id, merged_into__in=organisations_visible_to(request.team_member)
    )
    if kept := merged.values_list("merged_into", flat=True).first():
        return redirect("sign_on:organisation", request.campaign.slug, kept)
    shown = organisation_page(request.team_member, _organisation(request, organisation_id))
    return render(request, "coalitions/organisation.html", {"shown": shown, "organisation": shown.organisation})


@staff_page(Permission.MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, organisation_id: int) -> HttpResponse:
    organisation = _organisation(request, organisation_id)
    form = OrganisationForm(organisation, request.POST if request.method == "POST" else None)
    seen = request.POST.get("seen", "")
    saved, status = submit(
        form, lambda: organisation_save(organisation=organisation, actor=request.user, seen=seen, **form.values())
    )
    if saved:
        messages.success(request, _("Saved."))
        return redirect("sign_on:organisation", request.campaign.slug, organisation_id)
    if status != 400:  # what the page showed when it was opened, or after somebody else's change
        seen = organisation_fingerprint(organisation)
    context = {"form": form, "organisation": organisation, "seen": seen}
    return render(request, "coalitions/organisation_edit.html", context, status=status)


@staff_page(Permission.MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: StaffRequest, organisation_id: int, other_id: int) -> HttpResponse:
    """Two beside each other; POST merges the other into this one. `?then=queue` leads back to the queue."""
    kept, other = _organisation(request, organisation_id), _organisation(request, other_id)
    error = None
    if request.method == "POST":
        try:
            organisation_merge(kept=kept, other=other, actor=request.user)
        except DomainError as failure:
            error = failure
        else:
            messages.success(request, _("Merged. You can undo this on the page of the organisation."))
            if request.GET.get("then") == "queue":
                return redirect("sign_on:moderate", request.campaign.slug)
            return redirect("sign_on:organisation", request.campaign.slug, kept.pk)
    context = {"shown": merge_page(kept, other), "error": error, "then": request.GET.get("then", "")}
    return render(request, "coalitions/organisation_merge.html", context, status=error.status if error else 200)


@staff_page(Permission.MODERATE)
@require_POST
def merge_undo(request: StaffRequest, organisation_id: int, merge_id: int) -> HttpResponse:
    rows = OrganisationMerge.objects.filter(kept__campaign=request.campaign, kept_id=organisation_id)
    try:
        organisation_merge_undo(merge=get_object_or_404(rows, pk=merge_id), actor=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The merge is undone. The two are separate organisations again."))
    return redirect("sign_on:organisation", request.campaign.slug, organisation_id)


def _organisation(request: StaffRequest, organisation_id: int) -> Organisation:
    return get_object_or_404(organisations_visible_to(request.team_member), pk=organisation_id)
