"""What the positions of governments are called in charts, maps and lists."""

from django.utils.translation import gettext_lazy as _

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
