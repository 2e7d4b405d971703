"""Loading campaigns and the demo's cast."""

from .changes import Changes, LoadReport
from .load import campaign_load

__all__ = ["Changes", "LoadReport", "campaign_load"]
