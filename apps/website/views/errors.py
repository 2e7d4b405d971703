"""What visitors see when something is not there, not theirs, too much, or broken."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from apps.api.exceptions import PROBLEM_JSON, problem
from apps.campaigns.access import PermissionMissing, find_membership, public
from apps.campaigns.roles import roles_with
from apps.core.form_fields import HONEYPOT

#: of what somebody typed, shown again so that it is not lost
MOST_FIELDS, MOST_TEXT = 60, 20_000
NOT_TYPED = {"csrfmiddlewaretoken", HONEYPOT}
#: where the addresses of pages for people with an account begin
STAFF_PATHS = ("/work/", "/accounts/", "/postbox/", "/styleguide/")
#: pages whose form works without an account, so that sending it again after a look is safe
MAY_RESEND = {"website:letter"}


@public
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Too large, or nothing that a browser sends. Asks the request for nothing but its path: even its host may be what
    is wrong with it."""
    too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    if request.path.startswith("/api/"):
        detail = _("Too much was sent at once.") if too_much else _("What was sent cannot be read.")
        return JsonResponse(problem(400, detail), status=400, content_type=PROBLEM_JSON)
    limits = {
        "megabytes": (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) // 2**20,
        "fields": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
    }
    return HttpResponse(render_to_string("website/400.html", {"too_much": too_much, **limits}), status=400)


@public
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    context: dict[str, Any] = {"status": 403}
    if isinstance(exception, PermissionMissing):
        context |= {"permission": exception.permission.label}
        context["roles"] = [role.label for role in roles_with(exception.permission)]
    return _error_page(request, context)


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error_page(request, {"status": 404})


def _error_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Whoever is signed in keeps the bar and the navigation of staff pages on their addresses. Other pages do not ask
    who is there, so that caches may keep them."""
    template = "website/error.html"
    if request.path.startswith(STAFF_PATHS) and request.user.is_authenticated:
        template = "website/error_staff.html"
        slug = re.match(r"/work/([-\w]+)/", request.path)
        if slug and not hasattr(request, "team_member"):
            find_membership(request, slug[1])
    return render(request, template, context, status=context["status"])


@public
def server_error(request: HttpRequest) -> HttpResponse:
    """Asks neither the database nor the session: they may be what is broken. To programs a problem, to people a
    page."""
    if request.path.startswith("/api/"):
        detail = _("Something broke on our side. It is in the log under the X-Request-Id of this answer.")
        return JsonResponse(problem(500, detail), status=500, content_type=PROBLEM_JSON)
    return HttpResponse(render_to_string("website/500.html"), status=500)


@public
@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came without its token (cookies blocked, or a page left open for long): nothing typed is lost."""
    match: Any = request.resolver_match
    context = {
        "status": 403,
        "typed": _typed(request),
        "may_resend": match is not None and match.view_name in MAY_RESEND,
        "path": request.get_full_path(),
    }
    return render(request, "website/csrf.html", context, status=403)


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """(field, value) of what was sent, several values of a field one after the other."""
    pairs = [(name, value) for name, values in request.POST.lists() for value in values if name not in NOT_TYPED]
    return [(name, str(value)[:MOST_TEXT]) for name, value in pairs[:MOST_FIELDS]]
