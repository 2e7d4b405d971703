"""Reads that span apps: what waits, how far the campaign is, governments, the map, the record."""

from .attention import Attention, attention_of
from .audit_log import RecordLine, record_lines, record_of, verbs_of
from .campaign_progress import Stage, days_in_words, stages_of
from .government import GovernmentPage, government_page
from .government_rows import GovernmentLine
from .governments import Asked, Directory, directory_of, government_lines
from .map import WAYS, WorldMap, world_map
from .outdated_recipients import Stale, months_asked, stale_recipients
from .positions import Plan, PositionLine, plan_of, position_lines
from .stance_chart import NO_STANCE, STANCES, StanceRoll, stance_roll

__all__ = [
    "NO_STANCE",
    "STANCES",
    "WAYS",
    "Asked",
    "Attention",
    "Directory",
    "GovernmentLine",
    "GovernmentPage",
    "Plan",
    "PositionLine",
    "RecordLine",
    "Stage",
    "Stale",
    "StanceRoll",
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
