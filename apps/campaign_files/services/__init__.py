from .demo import demo_load
from .dump import DumpReport, campaign_dump
from .load import campaign_load
from .load_report import Changes, LoadReport

__all__ = ["Changes", "DumpReport", "LoadReport", "campaign_dump", "campaign_load", "demo_load"]
