"""Reads that span apps: what waits, how far the campaign is, governments, the map, the record."""

from .attention import Attention, attention_of
from .government import GovernmentPage, government_page
from .governments import Asked, Directory, directory_of, government_lines
from .lines import GovernmentLine
from .map import WAYS, WorldMap, world_map
from .naming import NameBook, Reading, Unknown
from .positions import Plan, PositionLine, plan_of, position_lines
from .record import RecordLine, record_lines, record_of, verbs_of
from .roll import NO_STANCE, STANCES, StanceRoll, stance_roll
from .stages import Stage, days_in_words, stages_of
from .stale import Stale, months_asked, stale_recipients

__all__ = [
    "NO_STANCE",
    "STANCES",
    "WAYS",
    "Asked",
    "Attention",
    "Directory",
    "GovernmentLine",
    "GovernmentPage",
    "NameBook",
    "Plan",
    "PositionLine",
    "Reading",
    "RecordLine",
    "Stage",
    "Stale",
    "StanceRoll",
    "Unknown",
    "WorldMap",
    "attention_of",
    "days_in_words",
    "directory_of",
    "government_lines",
    "government_page",
    "months_asked",
    "plan_of",
    "position_lines",
    "record_lines",
    "record_of",
    "stages_of",
    "stale_recipients",
    "stance_roll",
    "verbs_of",
    "world_map",
]
