from .dump import DumpResult, campaign_dump
from .load import campaign_load
from .load_demo_cast import demo_load
from .load_result import Changes, LoadResult

__all__ = ["Changes", "DumpResult", "LoadResult", "campaign_dump", "campaign_load", "demo_load"]
