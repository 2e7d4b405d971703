"""Mail that names none of ours: a person says which letter it is about, or sets it aside."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.forms import submit
from apps.governments.models import Member
from apps.postbox.inbound.parsing import parse_mail
from apps.postbox.models import InboundMail
from apps.postbox.services.inbound_corrections import inbound_match

from ..forms import MatchForm
from ..selectors.unmatched_mail import letters_to_choose, unmatched_mails
from ..services.triage import mail_set_aside

PER_PAGE = 50


@staff_page(Permission.SEE_CONTACTS)
@require_safe
def unmatched(request: StaffRequest) -> HttpResponse:
    """?show=aside what was set aside, ?page=."""
    aside = request.GET.get("show") == "aside"
    page = Paginator(unmatched_mails(request.campaign, set_aside=aside), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "outreach/unmatched.html", {"page": page, "aside": aside})


@staff_page(Permission.SEE_CONTACTS)
def unmatched_mail(request: StaffRequest, mail_id: int) -> HttpResponse:
    """The mail, and the form that says which letter it is about."""
    mail, member = _mail(request, mail_id)
    letters = letters_to_choose(request.campaign)
    guess = letters.filter(member=member).first() if member else None
    form = MatchForm(request.POST or None, letters=letters, initial={"letter": guess})
    saved, status = submit(
        form, lambda: inbound_match(mail=mail, message=form.cleaned_data["letter"].message, actor=request.user)
    )
    if saved is not None:
        messages.success(request, _("Filed. It stands in the timeline of the government."))
        return redirect("outreach:mail", request.campaign.slug, mail_id)
    read = parse_mail(bytes(InboundMail.objects.only("raw").get(pk=mail.pk).raw))
    context = {"mail": mail, "member": member, "form": form, "read": read}
    return render(request, "outreach/unmatched_mail.html", context, status=status)


@staff_page(Permission.SEE_CONTACTS)
@require_POST
def unmatched_set_aside(request: StaffRequest, mail_id: int) -> HttpResponse:
    mail, _member = _mail(request, mail_id)
    mail_set_aside(campaign=request.campaign, mail=mail, actor=request.user)
    messages.success(request, _("Set aside. It is deleted 90 days after it came."))
    return redirect("outreach:unmatched", request.campaign.slug)


def _mail(request: StaffRequest, mail_id: int) -> tuple[InboundMail, Member | None]:
    for aside in (False, True):
        for mail, member in unmatched_mails(request.campaign, set_aside=aside):
            if mail.pk == mail_id:
                return mail, member
    raise Http404
