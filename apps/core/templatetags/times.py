"""Moments in templates. Built in: templates need not load them. Days without a time use Django's own `date` filter."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.core import times

register = template.Library()


@register.simple_tag(takes_context=True)
def moment(context: template.Context, at: datetime | None) -> SafeString | str:
    """For staff pages: a <time> in the reader's time zone, which it names. Nothing where `at` is None."""
    if at is None:
        return ""
    text = times.reader_time(at, context.get("campaign"))
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), text)


@register.filter
def reader_time(at: datetime | None, campaign: times.Zoned | None = None) -> str:
    """The text of `moment`, for sentences on staff pages; "" for None."""
    return times.reader_time(at, campaign) if at else ""


@register.filter
def campaign_time(at: datetime | None, campaign: times.Zoned) -> str:
    """For public pages and mail: the moment in the campaign's time zone, and in UTC; "" for None."""
    return times.campaign_time(at, campaign) if at else ""


@register.simple_tag(takes_context=True)
def reader_place(context: template.Context) -> str:
    """The place of the reader's time zone: "Nairobi", "UTC"."""
    return times.zone_place(timezone.get_current_timezone(), context.get("campaign"))


@register.filter(expects_localtime=True)
def day(value: date | None) -> str:
    """ "1 December 2017", "1er décembre 2017", "1 de diciembre de 2017"; "" for None."""
    return times.written_day(value) if value else ""


@register.filter(expects_localtime=True)
def month(value: date | None) -> str:
    """ "December 2017", "diciembre de 2017"; "" for None."""
    return times.written_month(value) if value else ""


@register.filter
def date_range(first: date, last: date) -> str:
    """ "10 to 13 December 2017": what both days share is written once."""
    return times.page_language().period(first.isoformat(), last.isoformat())
