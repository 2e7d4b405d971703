"""What only people can say in the record, by the names of ProcessingDetails, and the parts of the record."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from apps.core.types import Label


@dataclass(frozen=True)
class Question:
    """`part` is a key of PARTS."""

    label: Label
    part: str
    hint: Label = ""


#: the parts of the record, by the letters of GDPR, article 30, paragraph 1 (b and c together)
PARTS: dict[str, Label] = {
    "a": _("Who is responsible"),
    "b": _("What data are processed for, whose and which"),
    "d": _("Who gets data"),
    "e": _("Other countries"),
    "f": _("How long data are kept"),
    "g": _("How data are protected"),
}
STATED: dict[str, Question] = {
    "controller_contact": Question(_("Address and telephone of who is responsible"), "a"),
    "joint_controllers": Question(
        _("Who is responsible with them, and who represents them"), "a", _("With names and addresses, or “Nobody”.")
    ),
    "data_protection_officer": Question(
        _("Data protection officer"), "a", _("Name and how to reach them, or “None”, and why none is needed.")
    ),
    "legal_basis": Question(_("Legal basis of each purpose"), "b"),
    "processors": Question(
        _("Companies that process data for the campaign"), "d",
        _("Those that run its servers, send its email, or store its files and backups."),
    ),
    "transfers": Question(
        _("Data that leave the European Economic Area"), "e", _("To which countries, and what protects them there.")
    ),
    "security": Question(_("Further measures"), "g", _("Such as backups, training, and who has the keys.")),
}  # fmt: skip
