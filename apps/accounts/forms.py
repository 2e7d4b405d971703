"""Forms for the profile, and allauth's forms with our labels."""

from typing import Any, ClassVar, cast
from zoneinfo import available_timezones

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.core.digits import western_digits
from apps.core.form_fields import NameField
from apps.core.territories import city_name
from apps.core.types import Label

from .models import User


def time_zones() -> list[tuple[str, str]]:
    """UTC, then the zones by their city in the reader's language; the old aliases are left out."""
    names = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return [("UTC", "UTC"), *((name, _with_city(name)) for name in names)]


def _with_city(name: str) -> str:
    """ "Europe/Vienna", in French "Vienne (Europe/Vienna)"."""
    plain = name.replace("_", " ")
    english = plain.rpartition("/")[2]
    city = city_name(english, get_language() or "en")
    return plain if city == english else f"{city} ({plain})"


class ProfileForm(forms.Form):
    name = NameField(label=_("Name"), max_length=120, help_text=_("Shown to your team and in the activity log."))
    language = forms.ChoiceField(label=_("Language of the pages"), choices=lambda: settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("For times on staff pages. Deadlines also name the campaign's own time zone."),
        choices=time_zones,
    )
    reminders = forms.BooleanField(
        label=_("Email me when something waits for me"), required=False,
        help_text=_("You choose on a page of its own what, and how often."),
    )  # fmt: skip


class CodeFormMixin(forms.Form):
    """Gives the code field of allauth's forms our label and attributes."""

    code_label: Label = _("Code")
    code_hint: Label = ""
    code_attributes: ClassVar[dict[str, object]] = {"autofocus": True}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        restyle(self.fields["code"], self.code_label, dir="ltr", **{"class": "code-input"}, **self.code_attributes)
        self.fields["code"].help_text = str(self.code_hint)

    def clean_code(self) -> Any:
        """Digits of other scripts count as those that they stand for."""
        self.cleaned_data["code"] = western_digits(self.cleaned_data["code"])
        inherited = getattr(super(), "clean_code", None)
        return inherited() if inherited else self.cleaned_data["code"]


def restyle(field: forms.Field, label: Label, **attributes: object) -> None:
    """Replace the label of an allauth field, drop its placeholder and set attributes of its widget."""
    field.label = cast(str, label)
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attributes)


class AskForCodeForm(RequestLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        restyle(self.fields["email"], _("Email address"), autofocus=True)

    def clean_email(self) -> str:
        """As allauth's, which makes another query only for unknown addresses; here for all, so that both take the same
        time."""
        email = str(super().clean_email())
        if self._user:
            list(User.objects.filter(email__iexact=email).iterator())
        return email


class MailedCodeForm(CodeFormMixin, ConfirmLoginCodeForm):
    code_hint = _("As in the email. Dashes and capital letters do not matter.")


class SecondFactorForm(CodeFormMixin, AuthenticateForm):
    pass


class SecondFactorAgainForm(CodeFormMixin, ReauthenticateForm):
    pass


class SetUpForm(CodeFormMixin, ActivateTOTPForm):
    code_label = _("Code of the app")
    code_attributes: ClassVar[dict[str, object]] = {"inputmode": "numeric"}
