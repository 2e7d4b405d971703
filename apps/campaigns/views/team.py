"""The team of a campaign: invite, change roles, end."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core.errors import DomainError
from apps.core.forms import submit
from apps.core.messages import try_and_tell
from apps.core.optimistic_locking import fingerprint

from ..access import StaffRequest, staff_page
from ..forms import InviteForm, RolesForm
from ..models import TeamMember
from ..roles import Permission
from ..selectors import team_rows
from ..services.invitations import invitation_resend, team_invite
from ..services.memberships import team_member_change_roles, team_member_end


def membership_or_404(request: StaffRequest, member_id: int) -> TeamMember:
    rows = TeamMember.objects.select_related("user", "campaign")
    return get_object_or_404(rows, pk=member_id, campaign=request.campaign)


@staff_page(Permission.READ)
def index(request: StaffRequest) -> HttpResponse:
    return render(request, "campaigns/team.html", {"rows": team_rows(request.campaign)})


@staff_page(Permission.MANAGE)
def invite(request: StaffRequest) -> HttpResponse:
    form = InviteForm(request.POST if request.method == "POST" else None)
    membership, status = submit(
        form, lambda: team_invite(campaign=request.campaign, actor=request.user, **form.cleaned_data)
    )
    if membership:
        said = _("Invitation sent to %(address)s. It is valid for two weeks.")
        messages.success(request, said % {"address": membership.user.email})
        return redirect("team:index", request.campaign.slug)
    return render(request, "campaigns/invite.html", {"form": form}, status=status)


@staff_page(Permission.MANAGE)
def edit(request: StaffRequest, member_id: int) -> HttpResponse:
    membership = membership_or_404(request, member_id)
    form = RolesForm(request.POST if request.method == "POST" else None, initial={"roles": membership.roles})
    seen = request.POST.get("seen", "")
    saved, status = submit(
        form,
        lambda: team_member_change_roles(
            membership=membership, actor=request.user, roles=form.cleaned_data["roles"], seen=seen
        ),
    )
    if saved:
        messages.success(request, _("Roles saved."))
        return redirect("team:index", request.campaign.slug)
    membership.refresh_from_db()
    context = {"membership": membership, "form": form, "seen": fingerprint(membership.roles)}
    return render(request, "campaigns/member.html", context, status=status)


@staff_page(Permission.MANAGE)
def end(request: StaffRequest, member_id: int) -> HttpResponse:
    membership = membership_or_404(request, member_id)
    refusal = ""
    if request.method == "POST":
        try:
            team_member_end(membership=membership, actor=request.user)
        except DomainError as error:
            refusal = str(error)
        else:
            messages.success(request, _("%(name)s is no longer on the team.") % {"name": membership.user})
            mine = membership.user_id == request.user.pk
            return redirect("dashboard:campaigns") if mine else redirect("team:index", request.campaign.slug)
    context = {"membership": membership, "refusal": refusal}
    return render(request, "campaigns/end.html", context, status=400 if refusal else 200)


@staff_page(Permission.MANAGE)
@require_POST
def resend(request: StaffRequest, member_id: int) -> HttpResponse:
    membership = membership_or_404(request, member_id)
    said = _("New invitation sent to %(address)s. The link in the earlier email no longer works.")
    done = said % {"address": membership.user.email}
    try_and_tell(request, lambda: invitation_resend(membership=membership, actor=request.user), done)
    return redirect("team:index", request.campaign.slug)
