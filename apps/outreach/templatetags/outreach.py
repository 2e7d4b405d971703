from django import template

from ..pages.timeline_entries import reply_beginning

register = template.Library()
register.filter("reply_beginning", reply_beginning)
