"""Django's template engine, which writes the digits of the page's language when a template is whole."""

from typing import Any

from django.template.backends import django as backend
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from .digits import DIGITS, html_with_digits, text_with_digits


class Template(backend.Template):
    """Pages, parts of pages and mails, by the end of their name. Parts of others pass twice, which changes nothing."""

    def render(self, context: Any = None, request: Any = None) -> SafeString:
        rendered = SafeString(super().render(context, request))
        language = get_language() or ""
        if language.partition("-")[0] not in DIGITS:
            return rendered
        write = text_with_digits if str(self.template.name).endswith(".txt") else html_with_digits
        return SafeString(write(rendered, language))


class DjangoTemplates(backend.DjangoTemplates):
    def from_string(self, template_code: str) -> Template:
        return Template(super().from_string(template_code).template, self)

    def get_template(self, template_name: str) -> Template:
        return Template(super().get_template(template_name).template, self)
