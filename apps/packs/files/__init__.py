"""Files as trees of nodes that know their line: text, YAML and CSV read the same way afterwards."""

from .tables import read_table
from .text import read_text
from .trees import read_tree

__all__ = ["read_table", "read_text", "read_tree"]
