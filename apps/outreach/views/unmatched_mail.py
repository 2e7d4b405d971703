"""Mail that names none of ours: a person says which letter it is about, or sets it aside."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.campaigns.access import PermissionMissing, StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.forms import submit
from apps.postbox.inbound.parsing import parse_mail
from apps.postbox.models import InboundMail

from ..forms import MatchForm
from ..selectors.inbound_guesses import best_guess, inbound_guesses
from ..selectors.unmatched_mail import letters_to_choose, mails_without_letter, unmatched_mails
from ..services.triage import mail_file, mail_set_aside

PER_PAGE = 50


@staff_page(Permission.SEE_CONTACTS)
@require_safe
def unmatched(request: StaffRequest) -> HttpResponse:
    """?show=aside what was set aside, ?page=."""
    aside = request.GET.get("show") == "aside"
    rows = unmatched_mails(request.campaign, mails_without_letter().filter(triage__closed_at__isnull=not aside))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    guesses = inbound_guesses(page.object_list, request.campaign)
    lines = [(mail, best_guess(guesses[mail.pk])) for mail in page.object_list]
    return render(request, "outreach/unmatched.html", {"page": page, "lines": lines, "aside": aside})


@staff_page(Permission.SEE_CONTACTS)
def unmatched_mail(request: StaffRequest, mail_id: int) -> HttpResponse:
    """The mail, and the form that says which letter it is about."""
    mail = _mail(request, mail_id)
    if request.method == "POST" and not request.team_member.may(Permission.TRACK):
        raise PermissionMissing(Permission.TRACK)
    guess = best_guess(inbound_guesses([mail], request.campaign)[mail.pk])
    letters = letters_to_choose(request.campaign)
    form = MatchForm(request.POST or None, letters=letters, initial={"letter": guess.delivery if guess else None})
    saved, status = submit(form, lambda: mail_file(mail=mail, delivery=form.cleaned_data["letter"], actor=request.user))
    if saved is not None:
        messages.success(request, _("Filed. It is in the timeline of the government."))
        return redirect("outreach:mail", request.campaign.slug, mail_id)
    read = parse_mail(bytes(InboundMail.objects.only("raw").get(pk=mail.pk).raw))
    context = {"mail": mail, "guess": guess, "form": form, "read": read}
    return render(request, "outreach/unmatched_mail.html", context, status=status)


@staff_page(Permission.TRACK)
@require_POST
def unmatched_set_aside(request: StaffRequest, mail_id: int) -> HttpResponse:
    mail = _mail(request, mail_id)
    mail_set_aside(campaign=request.campaign, mail=mail, actor=request.user)
    messages.success(request, _("Set aside. It is deleted 90 days after it came."))
    return redirect("outreach:unmatched", request.campaign.slug)


def _mail(request: StaffRequest, mail_id: int) -> InboundMail:
    return get_object_or_404(unmatched_mails(request.campaign, mails_without_letter().filter(pk=mail_id)))
