"""Labels of kinds, visibilities and states."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.types import Label

from ..models import CollectionChannel, SignatureLogEntry, SignOn, SignOnCall

ORGANISATION_KINDS = [
    ("union", _("Trade union")),
    ("farmers", _("Farmers’ organisation")),
    ("digital_rights", _("Digital rights group")),
    ("consumers", _("Consumer organisation")),
    ("development", _("Development organisation")),
    ("women", _("Women’s organisation")),
    ("environment", _("Environmental organisation")),
    ("faith", _("Faith-based organisation")),
    ("traders", _("Traders, small business or cooperative")),
    ("research", _("Research or education")),
    ("network", _("Network or alliance")),
    ("other", pgettext_lazy("kind of organisation", "Other")),
]
#: value, label, hint
VISIBILITIES = [
    (SignOn.Visibility.PUBLIC, _("Everybody"), _("On the public page and on the list that goes with the letter")),
    (SignOn.Visibility.GOVERNMENT, _("Only the governments"), _("On the list that goes with the letter; not public")),
    (SignOn.Visibility.COUNTED, _("Nobody: only counted"), _("No name is shown; the signature is counted")),
]
#: value, label
CAME_BY: list[tuple[str, Label]] = [
    (CollectionChannel.MAIL, _("By email")),
    (CollectionChannel.PAPER, _("On paper")),
    (CollectionChannel.SPREADSHEET, _("In a spreadsheet")),
]
SEEN_BY: dict[str, Label] = {
    SignOn.Visibility.PUBLIC: _("Everybody (on the public page and on the list that governments get)"),
    SignOn.Visibility.GOVERNMENT: _("Only the governments (on the list that goes with the letter)"),
    SignOn.Visibility.COUNTED: _("Nobody (it is only counted)"),
}
WHO = [
    (SignOnCall.Who.BOTH, _("Organisations and people")),
    (SignOnCall.Who.ORGANISATIONS, _("Organisations only")),
    (SignOnCall.Who.PEOPLE, _("People only")),
]
#: value, label
MODERATION = [
    (SignOnCall.Moderation.ALL, _("Every signature")),
    (SignOnCall.Moderation.FREE_MAIL, _("Only those from addresses that anybody can get, such as gmail.com")),
    (SignOnCall.Moderation.NONE, _("None: names appear at once")),
]
#: state: glyph, tone, label
STATES: dict[str, tuple[str, str, Label]] = {
    "waiting": ("clock", "ink", _("Confirmed, to check")),
    SignOn.State.CONFIRMED: ("ok", "ok", pgettext_lazy("signature", "Confirmed")),
    SignOn.State.HELD: ("flag", "bad", _("Signed twice, to check")),
    "asked": ("talk", "ink", _("Asked, waits for the signer")),
    "set_aside": ("flag", "warn", pgettext_lazy("signature", "Set aside")),
    "second": ("half", "idle", _("Not counted, its organisation counts once")),
    SignOn.State.PENDING: ("ring", "idle", pgettext_lazy("signature", "Not confirmed yet")),
    SignOn.State.SUSPECT: ("flag", "bad", _("Suspected spam, to check")),
    SignOn.State.WITHDRAWN: ("reply", "idle", pgettext_lazy("signature", "Withdrawn")),
    SignOn.State.REJECTED: ("bad", "bad", pgettext_lazy("signature", "Rejected")),
    SignOn.State.EXPIRED: ("clock", "idle", pgettext_lazy("signature", "Never confirmed")),
}
#: of a list: those to whose address the last mail came back, whatever their state
RETURNED = "returned"
#: entries of the log of signatures, for the signer
LOG_ACTS: dict[str, Label] = {
    SignatureLogEntry.Act.CONFIRM: _("You confirmed it."),
    SignatureLogEntry.Act.CORRECT: _("You corrected it."),
    SignatureLogEntry.Act.ACCEPT: _("The campaign accepted it."),
    SignatureLogEntry.Act.REJECT: _("The campaign did not accept it."),
    SignatureLogEntry.Act.WITHDRAW: _("You withdrew it."),
    SignatureLogEntry.Act.ERASE: _("Personal data was erased."),
}
