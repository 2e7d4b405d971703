from django import template

from ..pages.timeline import reply_beginning

register = template.Library()
register.filter("reply_beginning", reply_beginning)
