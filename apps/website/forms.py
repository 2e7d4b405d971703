"""The form that asks for a reader's Mastodon server."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import LineField
from apps.core.web_origins import host_name, https_origin


class MastodonServerForm(forms.Form):
    server = LineField(
        label=_("Your server"), dir="ltr",
        help_text=_("The part after the last @ of your name there, such as mastodon.example."),
        attrs={"inputmode": "url", "autocomplete": "off", "autocapitalize": "none"},
        error_messages={"required": _("Enter the name of your server, such as mastodon.example.")},
    )  # fmt: skip

    def clean_server(self) -> str:
        """The host name, also of "@me@mastodon.example" and of an address."""
        typed = self.cleaned_data["server"]
        host = host_name(typed.rpartition("@")[2]) or host_name(https_origin(typed).removeprefix("https://"))
        if not host:
            raise ValidationError(_("This is not the name of a server. Enter one such as mastodon.example."))
        return host
