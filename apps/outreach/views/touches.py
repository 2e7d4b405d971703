"""Contacts by other ways than mailings."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.downloads import download_response
from apps.core.forms import submit
from apps.governments.models import Member

from ..forms import TouchForm
from ..models import Touch, TouchFile
from ..selectors.tracking import campaign_touches, may_track
from ..services import touches


@staff_page(Permission.TRACK)
def touch_new(request: StaffRequest, code: str) -> HttpResponse:
    member = get_object_or_404(Member, code=code)
    form = TouchForm(request.POST or None, request.FILES or None, initial={"on": timezone.localdate()})
    saved, status = submit(
        form,
        lambda: touches.touch_record(
            campaign=request.campaign, member=member, actor=request.user, contact=form.contact(), file=form.file()
        ),
    )
    if saved is not None:
        messages.success(request, _("Recorded. It is in the timeline of the government."))
        return redirect("dashboard:government", request.campaign.slug, code)
    context = {"form": form, "member": member, "mine": may_track(request.user, request.campaign, member)}
    return render(request, "outreach/touch_new.html", context, status=status)


@staff_page(Permission.READ)
@require_safe
def touch(request: StaffRequest, touch_id: int) -> HttpResponse:
    found = _touch(request, touch_id)
    sees = request.team_member.may(Permission.SEE_CONTACTS) or found.recorded_by_id == request.user.pk
    context = {
        "touch": found,
        "sees_people": sees,
        "file": TouchFile.objects.defer("content").filter(touch=found).first(),
        "mine": may_track(request.user, request.campaign, found.member),
    }
    return render(request, "outreach/touch.html", context)


@staff_page(Permission.SEE_CONTACTS)
@require_safe
def touch_file(request: StaffRequest, touch_id: int) -> HttpResponse:
    file = TouchFile.objects.filter(touch=_touch(request, touch_id)).first()
    if file is None:
        raise Http404
    return download_response(file.name, bytes(file.content))


@staff_page(Permission.TRACK)
@require_POST
def touch_withdraw(request: StaffRequest, touch_id: int) -> HttpResponse:
    found = _touch(request, touch_id)
    touches.touch_withdraw(touch=found, actor=request.user)
    messages.success(request, _("Taken back. What it said is deleted."))
    return redirect("dashboard:government", request.campaign.slug, found.member.code)


def _touch(request: StaffRequest, touch_id: int) -> Touch:
    return get_object_or_404(campaign_touches(request.campaign), pk=touch_id)
