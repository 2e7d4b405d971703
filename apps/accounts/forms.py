"""Forms of accounts."""

from typing import Any
from zoneinfo import available_timezones

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import NameField

from .models import User


def time_zones() -> list[tuple[str, str]]:
    """Places by which time zones are named, UTC first, without the old aliases that name no place."""
    places = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in places)]


class ProfileForm(forms.Form):
    """How a person is named, and in which language and time zone they read."""

    name = NameField(label=_("Name"), max_length=120, help_text=_("Your team sees it, and so does the record."))
    language = forms.ChoiceField(label=_("Language of the pages"))
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("For times on staff pages. Deadlines also name the campaign's own time zone.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]  # known only at run time
        self.fields["time_zone"].choices = time_zones()  # type: ignore[attr-defined]


def written(field: forms.Field, label: Any, hint: Any = "", **attributes: Any) -> None:
    """Name a field of allauth's as the look does: a label above, a hint under it, nothing inside."""
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attributes)


class AskForCodeForm(RequestLoginCodeForm):
    """The door: the address a code is mailed to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        written(self.fields["email"], _("Mail address"), autofocus=True)

    def clean_email(self) -> str:
        """As allauth's, which queries once more for an address that nobody has; here for every address, so that both
        take the same time."""
        email = str(super().clean_email())
        if self._user:
            list(User.objects.filter(email__iexact=email).iterator())
        return email


class MailedCodeForm(ConfirmLoginCodeForm):
    """The code from the mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = _("As in the mail. Dashes and capitals do not matter.")
        written(self.fields["code"], _("Code"), hint, autofocus=True, dir="ltr", **{"class": "code-input"})


class SecondFactorForm(AuthenticateForm):
    """The code from the app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        written(self.fields["code"], _("Code"), autofocus=True, dir="ltr", **{"class": "code-input"})


class SecondFactorAgainForm(ReauthenticateForm):
    """The same, once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        written(self.fields["code"], _("Code"), autofocus=True, dir="ltr", **{"class": "code-input"})


class SetUpForm(ActivateTOTPForm):
    """The app's first code, which shows that it has the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        written(self.fields["code"], _("Code of the app"), dir="ltr", inputmode="numeric", **{"class": "code-input"})
