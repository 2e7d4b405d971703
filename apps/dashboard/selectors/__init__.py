"""Reads that span apps: what waits, how far the campaign is, governments, the record."""

from .attention import Attention, attention_of
from .government import GovernmentPage, government_page
from .governments import GovernmentLine, government_lines, stance_counts
from .record import RecordLine, record_lines, record_of, verbs_of
from .roll import StanceRoll, stance_roll
from .stages import Stage, days_in_words, stages_of
from .stale import Stale, months_asked, stale_recipients

__all__ = [
    "Attention",
    "GovernmentLine",
    "GovernmentPage",
    "RecordLine",
    "Stage",
    "Stale",
    "StanceRoll",
    "attention_of",
    "days_in_words",
    "government_lines",
    "government_page",
    "months_asked",
    "record_lines",
    "record_of",
    "stages_of",
    "stale_recipients",
    "stance_counts",
    "stance_roll",
    "verbs_of",
]
