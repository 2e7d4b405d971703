"""Fields that explain what is wrong with a name, an address or a website, and how to mend it."""

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import LineField
from apps.core.territories import country_codes, territory_name
from apps.core.text import clean_line

from ..email_domains import website_normalise
from ..pages.labels import VISIBILITIES


class WebsiteField(LineField):
    """An http(s) address; typed without a scheme it gets one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(dir="ltr", max_length=300, attrs={"inputmode": "url"}, **options)
        self.website_validator = URLValidator(
            schemes=["http", "https"],
            message=_("Enter a web address like www.name.org."),
        )

    def to_python(self, value: Any) -> str:
        return website_normalise(super().to_python(value) or "")

    def run_validators(self, value: str) -> None:
        if value:
            self.website_validator(value)
        super().run_validators(value)


class AddressField(forms.EmailField):
    """An email address, cleaned of what a clipboard carries along."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(clean_line(value) if isinstance(value, str) else value) or "")


class CountrySelect(forms.Select):
    """A select whose options are joined, not rendered from a template each: 240 templates take longer than the rest
    of the letter's page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((code, SafeString(" selected") if code == chosen else "", label) for code, label in self.choices),
        )
        attributes = flatatt({**self.build_attrs(self.attrs, attrs), "name": name, "class": "input"})
        return format_html("<select{}>{}</select>", attributes, options)


class CountryField(forms.ChoiceField):
    """One of the world's countries and territories, by ISO code."""

    def __init__(self, **options: Any) -> None:
        choices = [("", _("Choose")), *((code, territory_name(code)) for code in country_codes())]
        super().__init__(choices=choices, widget=CountrySelect, **options)
        self.widget.attrs["autocomplete"] = "country"
        self.error_messages["required"] = _("Choose the country.")


class VisibilityField(forms.ChoiceField):
    """Who may see the name."""

    def __init__(self, **options: Any) -> None:
        choices = [(value.value, label) for value, label, _hint in VISIBILITIES]
        super().__init__(choices=choices, widget=forms.RadioSelect, **options)
        self.error_messages["required"] = _("Choose who may see the name.")
