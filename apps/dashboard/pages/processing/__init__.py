"""The record of processing of a campaign (GDPR, article 30, paragraph 1): what the article asks for, in its order,
computed from what the campaign and the installation have, and what people have stated."""

from .record import ProcessingRecord, processing_record, record_heads, record_rows
from .stated import PARTS, STATED

__all__ = ["PARTS", "STATED", "ProcessingRecord", "processing_record", "record_heads", "record_rows"]
