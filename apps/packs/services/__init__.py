"""Loading campaigns and the demo's cast, and writing a campaign back to files."""

from .changes import Changes, LoadReport
from .demo import demo_load
from .dump import DumpReport, campaign_dump
from .load import campaign_load

__all__ = ["Changes", "DumpReport", "LoadReport", "campaign_dump", "campaign_load", "demo_load"]
