"""Fields of the sign-on form whose errors say what to enter."""

from functools import cache, partial
from typing import Any

from django import forms
from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.core.validators import URLValidator
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import LineField
from apps.core.territories import INTERNATIONAL, country_codes, international_names, organisation_codes, territory_name
from apps.core.text import clean_line, name_sort_key
from apps.core.types import Label

from ..email_domains import website_normalise
from ..pages.sign_on_labels import VISIBILITIES


class WebsiteField(LineField):
    """An http(s) URL; the scheme is optional."""

    def __init__(self, **options: Any) -> None:
        super().__init__(dir="ltr", max_length=300, attrs={"inputmode": "url"}, **options)
        self.website_validator = URLValidator(
            schemes=["http", "https"], message=_("Enter a web address like www.name.org.")
        )

    def to_python(self, value: Any) -> str:
        return website_normalise(super().to_python(value) or "")

    def run_validators(self, value: str) -> None:
        if value:
            self.website_validator(value)
        super().run_validators(value)


class AddressField(forms.EmailField):
    """An email address, without invisible characters from the clipboard."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(clean_line(value) if isinstance(value, str) else value) or "")


class CountrySelect(forms.Select):
    """A select without a template per option: rendering 240 of them would take longer than the rest of the page."""

    #: offers INTERNATIONAL before the countries
    international = False

    def render(
        self, name: str, value: object, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        options = country_options(get_language() or "en", self.international)
        if value in organisation_codes():
            options = SafeString(options.replace(f'<option value="{value}">', f'<option value="{value}" selected>'))
        attributes = flatatt({**self.build_attrs(self.attrs, attrs), "name": name, "class": "input"})
        first = format_html('<option value="">{}</option>', gettext("Choose"))
        return format_html("<select{}>{}{}</select>", attributes, first, options)


@cache
def country_choices(language: str, international: bool) -> list[tuple[str, str]]:
    names = [(code, territory_name(code, language)) for code in country_codes()]
    first = [(INTERNATIONAL, international_names(language)[:2][-1])] if international else []
    return first + sorted(names, key=lambda choice: name_sort_key(choice[1], language))


@cache
def country_options(language: str, international: bool) -> SafeString:
    return format_html_join("", '<option value="{}">{}</option>', country_choices(language, international))


class CountryField(forms.ChoiceField):
    """Its 250 choices are only made for a form that is shown. `international`: also for an organisation of no single
    country."""

    def __init__(self, *, international: bool = False, **options: Any) -> None:
        self.international = international
        super().__init__(choices=self._choices, widget=CountrySelect, **options)
        self.widget.international = international
        self.widget.attrs["autocomplete"] = "country"
        self.error_messages["required"] = _("Choose a country.")
        self.error_messages["international"] = _("Enter the country that the person signs from.")

    def _choices(self) -> list[tuple[str, Label]]:
        return [("", _("Choose")), *country_choices(get_language() or "en", self.international)]

    def validate(self, value: Any) -> None:
        if value == INTERNATIONAL and not self.international:
            raise forms.ValidationError(self.error_messages["international"], code="international")
        super().validate(value)

    def valid_value(self, value: Any) -> bool:
        return str(value) in (organisation_codes() if self.international else country_codes())


SHOWN_AT = TimestampSigner(salt="coalitions.shown_at")


class ShownAtField(forms.CharField):
    """When the form was shown, signed and hidden. A page that is kept is a little older than it says."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=200, widget=forms.HiddenInput, initial=partial(SHOWN_AT.sign, ""))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


def is_too_fast(shown_at: str) -> bool:
    """Whether the form came back sooner than anybody types. What is missing or not ours tells nothing."""
    try:
        SHOWN_AT.unsign(shown_at, max_age=settings.SIGN_FORM_SECONDS)
    except BadSignature:
        return False
    return True


class VisibilityField(forms.ChoiceField):
    def __init__(self, **options: Any) -> None:
        choices = [(value.value, label) for value, label, _hint in VISIBILITIES]
        super().__init__(choices=choices, widget=forms.RadioSelect, **options)
        self.error_messages["required"] = _("Choose who may see the name.")
