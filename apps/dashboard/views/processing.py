"""The record of processing: on a page that prints, as a file, and what people state in it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.campaigns.selectors import processing_details
from apps.campaigns.services.processing_details import details_fingerprint, processing_details_save
from apps.core.csv_export import csv_file
from apps.core.forms import submit

from ..forms import ProcessingForm
from ..pages.processing import PARTS, STATED, processing_record, record_heads, record_rows


@staff_page(Permission.PROCESSING)
def processing(request: StaffRequest) -> HttpResponse:
    context = {"record": processing_record(request.campaign), "parts": PARTS, "now": timezone.now()}
    return render(request, "dashboard/processing.html", context)


@staff_page(Permission.PROCESSING)
def processing_edit(request: StaffRequest) -> HttpResponse:
    details = processing_details(request.campaign)
    initial = {name: getattr(details, name) for name in STATED}
    form = ProcessingForm(request.POST if request.method == "POST" else None, initial=initial)
    seen = request.POST.get("seen") or details_fingerprint(details)
    changed, status = submit(
        form,
        lambda: processing_details_save(
            campaign=request.campaign, actor=request.user, seen=seen, values=form.cleaned_data
        ),
    )
    if changed is not None:
        messages.success(request, _("Saved."))
        return redirect("dashboard:processing", request.campaign.slug)
    if status == 409:
        seen = details_fingerprint(processing_details(request.campaign))
    return render(request, "dashboard/processing_edit.html", {"form": form, "seen": seen}, status=status)


@staff_page(Permission.PROCESSING)
def processing_csv(request: StaffRequest) -> HttpResponse:
    content, _rows = csv_file(record_heads(), record_rows(processing_record(request.campaign)))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    name = f"{request.campaign.slug}-processing-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
