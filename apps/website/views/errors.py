"""Error pages."""

import re

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import requires_csrf_token

from apps.api.exceptions import PROBLEM_JSON, problem
from apps.campaigns.access import PermissionMissing, find_membership, public
from apps.campaigns.models import Campaign
from apps.campaigns.roles import roles_with
from apps.coalitions.selectors.calls import main_letter
from apps.core.form_fields import HONEYPOT

#: limits of typed text that is shown again
MOST_FIELDS, MOST_TEXT = 60, 20_000
NOT_TYPED = {"csrfmiddlewaretoken", HONEYPOT}
STAFF_PATHS = ("/work/", "/accounts/", "/postbox/", "/styleguide/")
CAMPAIGN_PATH = re.compile(r"(?:/[a-z]{2,3}(?:-[a-z]+)?)?/(?P<area>work|c)/(?P<slug>[-\w]+)/")
PUBLIC_PAGE, STAFF_PAGE = "website/error.html", "website/error_staff.html"
HEADINGS = {
    400: gettext_lazy("We cannot read what was sent"),
    403: gettext_lazy("You cannot open this page"),
    404: gettext_lazy("Page not found"),
    413: gettext_lazy("This was too much for one form"),
    500: gettext_lazy("Something went wrong on our side"),
}


@public
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    if request.path.startswith("/api/"):
        detail = _("Too much was sent at once.") if too_much else _("What was sent cannot be read.")
        return JsonResponse(problem(400, detail), status=400, content_type=PROBLEM_JSON)
    limits = {
        "megabytes": (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) // 2**20,
        "fields": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
    }
    return HttpResponse(_page_by_path(request, 413 if too_much else 400, **limits), status=400)


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
    """With the navigation of the URL. Only staff URLs load the user, so that caches may keep the others."""
    template, found = PUBLIC_PAGE, CAMPAIGN_PATH.match(request.path)
    if request.path.startswith(STAFF_PATHS):
        if request.user.is_authenticated:
            template = STAFF_PAGE
            if found and not hasattr(request, "team_member"):
                find_membership(request, found["slug"])
    else:
        context |= _campaign_context(request)
    return render(request, template, {"status": status, "heading": HEADINGS[status], **context}, status=status)


def _campaign_context(request: HttpRequest) -> dict[str, object]:
    found = CAMPAIGN_PATH.match(request.path)
    campaign = Campaign.objects.public().filter(slug=found["slug"]).first() if found else None
    return {"campaign": campaign, "main_letter": main_letter(campaign)} if campaign else {}


def _page_by_path(request: HttpRequest, status: int, **context: object) -> str:
    """An error page made from the path alone: the database, the session or the host may be the error."""
    found = CAMPAIGN_PATH.match(request.path)
    template = STAFF_PAGE if request.path.startswith(STAFF_PATHS) else PUBLIC_PAGE
    context |= {"status": status, "heading": HEADINGS[status], "home": found.group() if found else ""}
    return render_to_string(template, {**context, "sent": request.method not in {"GET", "HEAD"}})


@public
def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        detail = _("Something broke on our side. It is in the log under the X-Request-Id of this answer.")
        return JsonResponse(problem(500, detail), status=500, content_type=PROBLEM_JSON)
    return HttpResponse(_page_by_path(request, 500), status=500)


@public
@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came without its CSRF token (blocked cookies, an old page). Shows what was typed."""
    context = {"status": 403, "typed": _typed(request), **_campaign_context(request)}
    return render(request, "website/csrf.html", context, status=403)


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    pairs = [(name, value) for name, values in request.POST.lists() for value in values if name not in NOT_TYPED]
    return [(name, str(value)[:MOST_TEXT]) for name, value in pairs[:MOST_FIELDS]]
