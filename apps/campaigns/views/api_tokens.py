"""A person's own API tokens."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.forms import submit
from apps.core.site_url import site_url

from ..access import StaffRequest, staff_page
from ..forms import TokenForm
from ..models import ApiToken
from ..roles import Permission
from ..scopes import Scope, scopes_of
from ..selectors import grantable_scopes, membership_tokens
from ..services.tokens import api_token_create, api_token_end


@staff_page(Permission.READ)
def index(request: StaffRequest) -> HttpResponse:
    """POST creates a token and shows its text at once: a redirect would have to store it."""
    scopes = grantable_scopes(request.team_member)
    form = TokenForm(request.POST if request.method == "POST" else None, scopes=scopes)
    created, status = submit(
        form, lambda: api_token_create(membership=request.team_member, actor=request.user, **form.cleaned_data)
    )
    reads = created is not None and Scope.READ in created[0].scopes
    context = {
        "form": TokenForm(scopes=scopes) if created else form,
        "made": created[1] if created else "",
        "more_with_second_factor": scopes != scopes_of(request.team_member.permissions),
        "tokens": membership_tokens(request.team_member),
        "address": site_url(reverse("api:points-list", args=[request.campaign.slug])) if reads else "",
    }
    return render(request, "campaigns/tokens.html", context, status=status)


@staff_page(Permission.READ)
def end(request: StaffRequest, token_id: int) -> HttpResponse:
    """GET asks, POST ends the token. Other people's tokens are not found."""
    token = get_object_or_404(ApiToken.objects.filter(membership=request.team_member), pk=token_id)
    if request.method == "POST":
        api_token_end(token=token, actor=request.user)
        messages.success(request, _("“%(name)s” has ended. It no longer works.") % {"name": token.name})
        return redirect("team:tokens", request.campaign.slug)
    return render(request, "campaigns/token_end.html", {"token": token})
