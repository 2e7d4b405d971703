"""Emails to signers who agreed to them: write, read as signers will, test, authorise, stop."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.forms import add_error, submit
from apps.core.interface_languages import interface_language

from ..forms import AuthoriseReportForm, ReportForm
from ..models import SignerReport
from ..pages.reports import figure_lines, report_context
from ..selectors.reports import campaign_reports, letters_for, report_audience, report_figures
from ..services.report_sending import signer_report_stop
from ..services.reports import signer_report_authorise, signer_report_save, signer_report_test


@staff_page(Permission.PREPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: StaffRequest, letter_number: int) -> HttpResponse:
    """What governments answered, to those who signed the letter."""
    return _write_new(request, letter_number, SignerReport.Consent.ANSWERS)


@staff_page(Permission.PREPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def announce(request: StaffRequest, letter_number: int) -> HttpResponse:
    """That the letter is open, to those who signed others of the campaign."""
    return _write_new(request, letter_number, SignerReport.Consent.LETTERS)


def _write_new(request: StaffRequest, letter_number: int, consent: str) -> HttpResponse:
    letter = get_object_or_404(letters_for(request.campaign, consent), number=letter_number)
    return _write(request, SignerReport(campaign=request.campaign, letter=letter, consent=consent))


@staff_page(Permission.PREPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, report_id: int) -> HttpResponse:
    found = _report(request, report_id)
    return _write(request, found)


def _write(request: StaffRequest, found: SignerReport) -> HttpResponse:
    """`found` is not saved where it is new."""
    everybody = SignerReport(campaign=found.campaign, letter=found.letter, consent=found.consent)
    audience, figures, kept = report_audience(everybody), report_figures(found), found if found.pk else None
    languages = [*audience.by_language] or [interface_language(request.campaign.languages[0])]
    form = ReportForm(request.POST or None, languages=languages, figures=figures, readers=audience, report=kept)
    meant = ("seen", "signers", "countries", "languages", "per_hour")
    saved, status = submit(
        form,
        lambda: signer_report_save(
            letter=found.letter, consent=found.consent, actor=request.user, texts=form.texts(), report=kept,
            **{name: form.cleaned_data[name] for name in meant},
        ),
    )  # fmt: skip
    if saved:
        return redirect("outreach:report", request.campaign.slug, saved.pk)
    context = {
        "form": form, "letter": found.letter, "audience": audience, "figures": figure_lines(figures), "report": found,
    }  # fmt: skip
    return render(request, "outreach/report_write.html", context, status=status)


@staff_page(Permission.READ)
@require_safe
def report(request: StaffRequest, report_id: int) -> HttpResponse:
    """Before it leaves as signers will read it, afterwards its progress."""
    return _page(request, _report(request, report_id))


@staff_page(Permission.PREPARE)
@require_POST
def test(request: StaffRequest, report_id: int) -> HttpResponse:
    found = _report(request, report_id)
    return _try(request, found, lambda: signer_report_test(report=found, actor=request.user), _tested)


@staff_page(Permission.AUTHORISE)
@require_POST
def authorise(request: StaffRequest, report_id: int) -> HttpResponse:
    found = _report(request, report_id)
    form = AuthoriseReportForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=400)

    def act() -> SignerReport:
        return signer_report_authorise(report=found, actor=request.user, **form.cleaned_data)

    return _try(request, found, act, lambda _report: _("Authorised. The emails are now sent one by one."), form)


@staff_page(Permission.PREPARE)
@require_POST
def stop(request: StaffRequest, report_id: int) -> HttpResponse:
    found = _report(request, report_id)
    return _try(request, found, lambda: signer_report_stop(report=found, actor=request.user), _stopped)


def _tested(number: int) -> str:
    said = ngettext("%(n)d test is on its way to you.", "%(n)d tests are on their way to you.", number)
    return said % {"n": number}


def _stopped(number: int) -> str:
    said = ngettext("Stopped: %(n)d email will not be sent.", "Stopped: %(n)d emails will not be sent.", number)
    return said % {"n": number}


def _report(request: StaffRequest, report_id: int) -> SignerReport:
    return get_object_or_404(campaign_reports(request.campaign), pk=report_id)


def _try[Done](
    request: StaffRequest, found: SignerReport, act: Callable[[], Done], said: Callable[[Done], str],
    form: AuthoriseReportForm | None = None,
) -> HttpResponse:  # fmt: skip
    """Act, and go to the report, also if it is refused: the reason stands on top, or in the form."""
    try:
        messages.success(request, said(act()))
    except DomainError as error:
        if form is not None and error.field in form.fields:
            add_error(form, error)
            return _page(request, found, form=form, status=error.status)
        messages.error(request, str(error))
    return redirect("outreach:report", request.campaign.slug, found.pk)


def _page(
    request: StaffRequest, found: SignerReport, *, form: AuthoriseReportForm | None = None, status: int = 200
) -> HttpResponse:
    context, may = report_context(found), request.team_member.may
    context |= {
        "form": form or AuthoriseReportForm(initial={"seen": context["seen"]}),
        "may_prepare": may(Permission.PREPARE),
        "may_authorise": may(Permission.AUTHORISE) and not found.is_written_by(request.user.pk),
    }
    return render(request, "outreach/report.html", context, status=status)
