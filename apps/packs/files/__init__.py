"""Files as trees of nodes that know their line: text, YAML and CSV read the same way afterwards; and the way back."""

from .tables import read_table
from .text import read_text
from .trees import read_tree
from .writing import Literal, Plain, Row, table_text, yaml_text

__all__ = ["Literal", "Plain", "Row", "read_table", "read_text", "read_tree", "table_text", "yaml_text"]
