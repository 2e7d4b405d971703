"""Forms of the postbox's pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import LineField, TextField

from .inbound.bounce_reasons import BounceReason
from .inbound.classified import MailKind
from .models import InboundMail
from .services.suppressions import UnblockReason


class AnswerForm(forms.Form):
    form = forms.ChoiceField(
        label=_("What comes back"),
        choices=[
            ("reply", _("An answer by a person")),
            ("auto_reply", _("An automatic reply, such as an absence note")),
            ("bounce", _("A report that the email was not delivered")),
        ],
        initial="reply",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        error_messages={"required": _("Enter what the email says, also for a report. Nothing has been sent.")},
    )  # fmt: skip


class MailKindForm(forms.Form):
    """Gives `kind` and `bounce_reason`: a failure is chosen with its reason."""

    kind = forms.ChoiceField(
        label=_("What this email is"),
        choices=[
            (MailKind.REPLY, _("An answer by a person")),
            (MailKind.AUTO_REPLY, _("An absence note or another automatic reply")),
            (MailKind.ACKNOWLEDGEMENT, _("An acknowledgement of receipt")),
            (MailKind.DELIVERED, _("A report or receipt that the letter arrived")),
            (MailKind.DELAY, _("A report that delivery is delayed")),
            (
                _("A report that the letter was not delivered"),
                [
                    (f"{MailKind.BOUNCE}:{BounceReason.ADDRESS}", _("The address does not exist")),
                    (f"{MailKind.BOUNCE}:{BounceReason.FULL}", _("The mailbox is full")),
                    (f"{MailKind.BOUNCE}:{BounceReason.POLICY}", _("Refused by a rule, for example as spam")),
                    (f"{MailKind.BOUNCE}:{BounceReason.TOO_LARGE}", _("The letter is too large")),
                    (f"{MailKind.BOUNCE}:{BounceReason.OTHER}", _("For another reason")),
                    (MailKind.FORWARDING_FAILED, _("It could not be forwarded to another address")),
                ],
            ),
            (MailKind.COMPLAINT, _("A report that our email is spam")),
            (MailKind.UNREADABLE, _("None of these, or unclear")),
        ],
    )

    @staticmethod
    def chosen(mail: InboundMail) -> str:
        """The choice that the mail's kind is."""
        return f"{mail.kind}:{mail.bounce_reason or BounceReason.OTHER}" if mail.kind == MailKind.BOUNCE else mail.kind

    def clean(self) -> dict[str, str]:
        kind, _colon, reason = self.cleaned_data.get("kind", "").partition(":")
        return {"kind": kind, "bounce_reason": reason} if kind else {}


class StopSendingForm(forms.Form):
    reason = LineField(label=_("Why"), help_text=_("Shown on every email that waits."))


class DecideForm(forms.Form):
    """The evidence for a decision about a mail in doubt. The button pressed is the decision."""

    evidence = TextField(
        label=_("How you know"),
        max_length=1000,
        help_text=_(
            "A line of the mail server’s log, or a phone call. It is kept with your name. Leave out addresses."
        ),
        rows=2,
    )
    decision = forms.ChoiceField(choices=[("accepted", "accepted"), ("queued", "queued")], widget=forms.HiddenInput)


class BlockForm(forms.Form):
    address = LineField(label=_("Email address"), dir="ltr", max_length=254)
    reason = LineField(label=_("Why"), help_text=_("For example: its owner asked us to stop. Leave out names."))


class UnblockAddressForm(forms.Form):
    why = forms.ChoiceField(
        label=_("Why email may go there again"), choices=[("", _("Choose")), *UnblockReason.choices]
    )
