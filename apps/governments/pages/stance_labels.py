"""What the positions of governments are called in charts, maps, lists and sentences."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..models import Position

#: for governments whose position is not known
NO_STANCE = "none"
#: in the order of legends
STANCES = {
    Position.Stance.OPPOSES.value: _("opposes new rules"),
    Position.Stance.UNDECIDED.value: _("undecided"),
    Position.Stance.SUPPORTS.value: _("supports negotiations"),
    Position.Stance.JOINED.value: _("joined a statement for negotiations"),
    NO_STANCE: _("no position known"),
}
#: as in "Only to those who oppose: 3 governments"
STANCE_AUDIENCES = {
    Position.Stance.OPPOSES.value: _("those who oppose"),
    Position.Stance.UNDECIDED.value: _("the undecided"),
    Position.Stance.SUPPORTS.value: _("those who support"),
    Position.Stance.JOINED.value: _("those who joined a statement"),
}
#: how sure it is that a government said so
CONFIDENCES = {
    Position.Confidence.HIGH.value: pgettext_lazy("confidence", "High"),
    Position.Confidence.MEDIUM.value: pgettext_lazy("confidence", "Medium"),
    Position.Confidence.LOW.value: pgettext_lazy("confidence", "Low"),
}
