"""What can be exported: each dataset with its columns and filters, and the rows that a purpose allows."""

from .annexes import ANNEXES
from .audit_events import AUDIT_EVENTS
from .base import Cell, Column, Dataset, Filter, Filters, Selection, Type, plain
from .deliveries import DELIVERIES
from .governments import GOVERNMENTS, POSITIONS
from .recipients import RECIPIENTS
from .signatories import SIGNATORIES
from .subscribers import SUBSCRIBERS

__all__ = ["DATASETS", "Cell", "Column", "Dataset", "Filter", "Filters", "Selection", "Type", "plain"]

#: in the order in which the page offers them
DATASETS: dict[str, Dataset] = {
    dataset.key: dataset
    for dataset in (
        SIGNATORIES, ANNEXES, SUBSCRIBERS, GOVERNMENTS, RECIPIENTS, DELIVERIES, POSITIONS, AUDIT_EVENTS,
    )
}  # fmt: skip
