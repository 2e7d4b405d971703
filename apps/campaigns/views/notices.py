"""Which mails a person gets about what waits for them, and when."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.core.access import SignedInRequest, signed_in

from ..forms import NoticesForm
from ..selectors import notice_sources, notice_timings
from ..services.notices import notice_choices_save


@signed_in
def notices(request: SignedInRequest) -> HttpResponse:
    """Of the kinds on which the person may act in one campaign at least."""
    sources = {name: source for name, source, _member in notice_sources(request.user)}
    form = NoticesForm(request.POST or None, sources=sources, timings=notice_timings(request.user))
    if request.method == "POST" and form.is_valid():
        notice_choices_save(user=request.user, timings=form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:notices")
    return render(request, "campaigns/notices.html", {"form": form}, status=400 if form.errors else 200)
