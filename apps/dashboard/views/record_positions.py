"""Record, correct and withdraw positions of governments."""

from itertools import chain, repeat

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.forms import submit
from apps.governments.models import Member, Position
from apps.governments.selectors import PositionContent, members_of_groups, reference_day
from apps.governments.services.positions import (
    PositionsRecorded,
    position_correct,
    position_record,
    position_withdraw,
    positions_record,
)
from apps.outreach.models import Reply
from apps.outreach.selectors.dispatches import campaign_replies
from apps.outreach.services.reply_positions import reply_position_follow, reply_position_record

from ..forms import CorrectionForm, PositionForm, PositionsForm, WithdrawalForm
from ..pages.government_directory import government_lines
from ..pages.positions import PositionsPlan, positions_plan
from ..pages.stance_chart import STANCES
from .page_options import directory_query, page_options


@staff_page(Permission.DRAFT)
def government_position(request: StaffRequest, code: str) -> HttpResponse:
    """?reply= the answer that states it: its day is filled in, and the position keeps the way to it."""
    member = get_object_or_404(Member, code=code)
    reply = _reply_of(request, member)
    form = PositionForm(request.POST or None, campaign=request.campaign, initial=_from_reply(reply))
    saved, status = submit(form, lambda: _record_one(request, member, form, reply))
    if saved:
        messages.success(request, _("Recorded. Letters frozen from now on use it."))
        return redirect(_page_that_shows(saved))
    context = {"form": form, "member": member, "position": None, "reply": reply}
    return render(request, "dashboard/position.html", context, status=status)


def _record_one(request: StaffRequest, member: Member, form: PositionForm, reply: Reply | None) -> Position:
    if reply is None:
        return position_record(campaign=request.campaign, member=member, actor=request.user, **vars(form.content()))
    return reply_position_record(reply=reply, content=form.content(), actor=request.user)


def _page_that_shows(position: Position) -> str:
    """The government's page, which after the conference is that of its last day, or else on the day of the position."""
    url = reverse("dashboard:government", args=[position.campaign.slug, position.member.code])
    shown = reference_day(position.campaign)
    return f"{url}?{urlencode({'on': position.on.isoformat()})}" if position.on > shown else url


def _reply_of(request: StaffRequest, member: Member) -> Reply | None:
    number = request.GET.get("reply", "")
    answers = campaign_replies(request.campaign).filter(member=member, kind=Reply.Kind.REPLY)
    return answers.filter(pk=number).first() if number.isdecimal() else None


def _from_reply(reply: Reply | None) -> dict[str, object]:
    if reply is None:
        return {}
    return {"on": timezone.localdate(reply.received_at), "confidence": "high"}


@staff_page(Permission.DRAFT)
def government_position_correct(request: StaffRequest, position_id: int) -> HttpResponse:
    position = _position_or_404(request, position_id)
    form = CorrectionForm(request.POST or None, campaign=request.campaign, initial=CorrectionForm.values_of(position))
    saved, status = submit(
        form,
        lambda: position_correct(
            position=position, content=form.content(), reason=form.cleaned_data["reason"], actor=request.user
        ),
    )
    if saved:
        reply_position_follow(position=position, corrected=saved)
        messages.success(request, _("Corrected. The earlier version is kept, with the reason."))
        return redirect("dashboard:government", request.campaign.slug, position.member.code)
    context = {"form": form, "member": position.member, "position": position}
    return render(request, "dashboard/position.html", context, status=status)


@staff_page(Permission.DRAFT)
def government_position_withdraw(request: StaffRequest, position_id: int) -> HttpResponse:
    position = _position_or_404(request, position_id)
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        position_withdraw(position=position, reason=form.cleaned_data["reason"], actor=request.user)
        messages.success(request, _("Withdrawn. It no longer counts; the record keeps it with the reason."))
        return redirect("dashboard:government", request.campaign.slug, position.member.code)
    context = {"form": form, "member": position.member, "position": position}
    return render(request, "dashboard/position_withdraw.html", context)


@staff_page(Permission.DRAFT)
def governments_positions(request: StaffRequest) -> HttpResponse:
    """One statement of many governments, after a preview. ?pick=1 takes those that match the directory's filters."""
    names = _filtered(request) if request.method != "POST" and request.GET.get("pick") else ""
    form = PositionsForm(request.POST or None, campaign=request.campaign, initial={"names": names})
    if not form.is_valid() or "change" in request.POST:
        return render(request, "dashboard/positions.html", {"form": form, **page_options(request).context})
    content = form.content()
    group = form.cleaned_data["group"]
    chosen = members_of_groups([group], content.on) if group else []
    plan = positions_plan(request.campaign, content, chosen, form.cleaned_data["names"], page_options(request).language)
    if "accept" not in request.POST:
        ticked = {member.code for member, _name in plan.add}
        return _preview(request, form, plan, content, ticked)
    picked = [*request.POST.getlist("member"), *request.POST.getlist("decision")]
    try:
        return _accepted(request, content, _record(request, content, picked))
    except DomainError as error:
        return _preview(request, form, plan, content, set(picked), str(error))


def _record(request: StaffRequest, content: PositionContent, picked: list[str]) -> PositionsRecorded:
    """Record it for the ticked codes; an empty code is a name that still needs a decision."""
    codes = set(picked) - {"-"}
    if "" in codes:
        raise DomainError(_("Choose a government for every name, or leave the name out."))
    if not codes:
        raise DomainError(_("Tick at least one government."))
    members = list(Member.objects.filter(code__in=codes))
    if len(members) != len(codes):
        raise DomainError(_("A government you ticked is no longer a member. Check the list again."))
    return positions_record(campaign=request.campaign, members=members, content=content, actor=request.user)


def _accepted(request: StaffRequest, content: PositionContent, recorded: PositionsRecorded) -> HttpResponse:
    added, had = len(recorded.added), len(recorded.had)
    words = ngettext("Recorded for %(n)d government.", "Recorded for %(n)d governments.", added) % {"n": added}
    if had:
        words += " " + ngettext("%(n)d already had this position.", "%(n)d already had this position.", had) % {
            "n": had
        }
    messages.success(request, words)
    query = {"stance": content.stance, "on": content.on.isoformat(), "names": request.GET.get("names", "")}
    kept = urlencode({name: value for name, value in query.items() if value})
    return HttpResponseRedirect(f"{reverse('dashboard:governments', args=[request.campaign.slug])}?{kept}")


def _preview(
    request: StaffRequest,
    form: PositionsForm,
    plan: PositionsPlan,
    content: PositionContent,
    ticked: set[str],
    wrong: str = "",
) -> HttpResponse:
    decided = chain(request.POST.getlist("decision"), repeat(""))
    context: dict[str, object] = {
        **page_options(request).context,
        "form": form,
        "plan": plan,
        "said": content,
        "ticked": ticked,
        "wrong": wrong,
        "stance": capfirst(STANCES[content.stance]),
        "confidence": dict(form.fields["confidence"].choices)[content.confidence],  # type: ignore[attr-defined]
        "unknown": [(text, close, choice) for (text, close), choice in zip(plan.unknown, decided, strict=False)],
    }
    return render(request, "dashboard/positions_preview.html", context, status=422 if wrong else 200)


def _filtered(request: StaffRequest) -> str:
    options = page_options(request)
    lines = government_lines(request.campaign, options.shown.day, directory_query(request), options.language)
    return "\n".join(line.name for line in lines)


def _position_or_404(request: StaffRequest, position_id: int) -> Position:
    rows = Position.objects.select_related("member", "source")
    return get_object_or_404(rows, pk=position_id, campaign=request.campaign)
