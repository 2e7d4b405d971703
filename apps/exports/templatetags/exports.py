"""Filters of the export pages."""

from django import template

from ..selectors import kind_in_words

register = template.Library()
register.filter("signatory_kind", kind_in_words)
