"""Loading campaigns and the demo's cast."""

from .changes import Changes, LoadReport
from .demo import demo_load
from .load import campaign_load

__all__ = ["Changes", "LoadReport", "campaign_load", "demo_load"]
