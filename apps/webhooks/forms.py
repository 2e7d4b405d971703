"""Forms of webhooks."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import DayField, LineField

from .models import EventKind
from .transports.addresses import MAX_URL

#: kinds that people choose; the test is for every endpoint
CHOSEN = [kind for kind in EventKind if kind != EventKind.TEST]


class EndpointForm(forms.Form):
    name = LineField(
        label=_("What it is for"),
        max_length=80,
        help_text=_("So that you recognise it later, for example “Our website”."),
        attrs={"autocomplete": "off"},
        error_messages={"required": _("Enter what the webhook is for, so that you recognise it later.")},
    )
    url = LineField(
        label=_("Address of the receiver"),
        max_length=MAX_URL,
        dir="ltr",
        help_text=_("It begins with https:// and answers to POST. Whoever runs the other program knows it."),
        attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"},
        error_messages={"required": _("Enter the address to which events are sent.")},
    )
    events = forms.MultipleChoiceField(
        label=_("Send when"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one kind of event.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["events"].choices = [  # type: ignore[attr-defined]  # translated, so made for each request
            (kind.value, format_html('{}<span class="hint"><code dir="ltr">{}</code></span>', kind.label, kind.value))
            for kind in CHOSEN
        ]


class ResendForm(forms.Form):
    since = DayField(
        label=_("Events since"), error_messages={"required": _("Enter the day from which on events are sent again.")}
    )
    arrived_too = forms.BooleanField(label=_("Also those that arrived"), required=False)
