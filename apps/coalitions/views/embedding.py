"""Showing a letter on other sites: which ones may, and what they paste."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.forms import submit
from apps.core.language_names import language_name

from ..forms.embedding import EmbedOriginsForm
from ..pages.embedding import embed_snippets
from ..selectors.calls import campaign_calls
from ..services.calls import sign_on_call_change
from .calls import seen_fingerprint


@staff_page(Permission.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def embed(request: StaffRequest, call_id: int) -> HttpResponse:
    """?language= that of the snippets."""
    call = get_object_or_404(campaign_calls(request.campaign), pk=call_id)
    form = EmbedOriginsForm(request.POST or None, initial={"origins": "\n".join(call.embed_origins)})
    saved, status = submit(
        form,
        lambda: sign_on_call_change(
            call=call, actor=request.user, seen=request.POST.get("seen", ""), embed_origins=form.cleaned_data["origins"]
        ),
    )
    if saved:
        messages.success(request, _("Saved. It takes effect within seconds."))
        return redirect(request.get_full_path())
    names = {code: language_name(code) for code, _name in settings.LANGUAGES}
    asked = request.GET.get("language", "")
    language = asked if asked in names else get_language() or "en"
    context = {
        "call": call,
        "form": form,
        "seen": seen_fingerprint(request, call, status),
        "languages": names.items(),
        "language": language,
        "snippets": embed_snippets(call, language),
    }
    return render(request, "coalitions/embed.html", context, status=status)
