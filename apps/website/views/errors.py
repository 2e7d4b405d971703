"""Error pages."""

import re

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

#: limits of typed text that is shown again
MOST_FIELDS, MOST_TEXT = 60, 20_000
NOT_TYPED = {"csrfmiddlewaretoken", HONEYPOT}
STAFF_PATHS = ("/work/", "/accounts/", "/postbox/", "/styleguide/")
#: forms that work without an account, which are safe to send again
MAY_RESEND = {"website:letter"}


@public
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Uses only the path of the request: its host may be the error."""
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
    context: dict[str, object] = {}
    if isinstance(exception, PermissionMissing):
        context |= {"permission": exception.permission.label}
        context["roles"] = [role.label for role in roles_with(exception.permission)]
    return _error_page(request, 403, **context)


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error_page(request, 404)


def _error_page(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    """On staff URLs with the staff navigation. Other URLs do not load the user, so that caches may keep the page."""
    template = "website/error.html"
    if request.path.startswith(STAFF_PATHS) and request.user.is_authenticated:
        template = "website/error_staff.html"
        slug = re.match(r"/work/([-\w]+)/", request.path)
        if slug and not hasattr(request, "team_member"):
            find_membership(request, slug[1])
    return render(request, template, {"status": status, **context}, status=status)


@public
def server_error(request: HttpRequest) -> HttpResponse:
    """Uses neither the database nor the session, which may be broken."""
    if request.path.startswith("/api/"):
        detail = _("Something broke on our side. It is in the log under the X-Request-Id of this answer.")
        return JsonResponse(problem(500, detail), status=500, content_type=PROBLEM_JSON)
    return HttpResponse(render_to_string("website/500.html"), status=500)


@public
@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came without its CSRF token (blocked cookies, an old page). Shows what was typed."""
    match = request.resolver_match
    context = {
        "status": 403,
        "typed": _typed(request),
        "may_resend": match is not None and match.view_name in MAY_RESEND,
        "path": request.get_full_path(),
    }
    return render(request, "website/csrf.html", context, status=403)


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """(field, value) of everything sent."""
    pairs = [(name, value) for name, values in request.POST.lists() for value in values if name not in NOT_TYPED]
    return [(name, str(value)[:MOST_TEXT]) for name, value in pairs[:MOST_FIELDS]]
