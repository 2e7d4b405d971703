"""Contacts by other ways, next steps and our own answers in a government's timeline."""

from collections.abc import Iterator
from datetime import date, datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.core.registries import TimelineEntry
from apps.core.times import written_clock, written_day
from apps.governments.models import Member
from apps.postbox.models import MessageState

from ..models import FollowUp, SentAnswer, Touch
from ..selectors.tracking import campaign_follow_ups, campaign_touches
from .timeline_entries import first_lines

#: channel → glyph
GLYPHS = {Touch.Channel.MEETING: "talk", Touch.Channel.CALL: "talk", Touch.Channel.SOCIAL: "talk"}


def tracking_timeline(campaign: Campaign, member: Member) -> Iterator[TimelineEntry]:
    """Timeline source: what people did and will do, without names."""
    for touch in campaign_touches(campaign).filter(member=member):
        yield _touch_entry(campaign, touch)
    for step in campaign_follow_ups(campaign).filter(member=member):
        yield _step_entry(step)
    answers = SentAnswer.objects.filter(campaign=campaign, delivery__member=member)
    for answer in answers.select_related("message", "written_by").defer("message__html_body"):
        yield _answer_entry(campaign, answer)


def _touch_entry(campaign: Campaign, touch: Touch) -> TimelineEntry:
    link = (_("All about it"), reverse("outreach:touch", args=[campaign.slug, touch.pk]))
    said = [_("At %(time)s there.") % {"time": written_clock(touch.at)} if touch.at else ""]
    said += [_("It counts as an answer.")] if touch.answered else []
    at = datetime.combine(touch.on, touch.at or time(), timezone.get_current_timezone())
    return TimelineEntry(
        at, GLYPHS.get(Touch.Channel(touch.channel), "sent"), "ink" if touch.answered else "ok",
        touch.get_channel_display(), " ".join(filter(None, said)), first_lines(touch.summary), links=[link],
        kind="touch",
    )  # fmt: skip


def _step_entry(step: FollowUp) -> TimelineEntry:
    words = first_lines(step.what) or _("Next step")
    if step.done_at is not None:
        detail = _("Done. It was due on %(day)s.") % {"day": written_day(step.due_on)}
        return TimelineEntry(step.done_at, "ok", "", words, detail, kind="follow_up")
    who = str(step.assignee) if step.assignee else _("Nobody is doing it yet.")
    return TimelineEntry(_start(step.due_on), "clock", "warn", words, who, due=True, kind="follow_up")


def _answer_entry(campaign: Campaign, answer: SentAnswer) -> TimelineEntry:
    message = answer.message
    glyph, tone, title = "sent", "ok", _("We answered")
    if message.state in MessageState.WAITING or message.state == MessageState.FINAL:
        glyph, tone, title = "clock", "warn", _("Our answer is being sent")
    elif message.state == MessageState.IN_DOUBT:
        glyph, tone, title = "doubt", "bad", _("Our answer is in doubt")
    elif message.state in MessageState.DEAD:
        glyph, tone, title = "bounce", "bad", _("Our answer did not arrive")
    link = (_("Whole email"), reverse("outreach:mail", args=[campaign.slug, answer.mail_id]))
    at = message.accepted_at or answer.created_at
    detail = _("By %(name)s.") % {"name": answer.written_by}
    return TimelineEntry(
        at, glyph, tone, title, detail, first_lines(message.text_body), links=[link],
        kind="bounce" if glyph == "bounce" else "answer",
    )  # fmt: skip


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_current_timezone())
