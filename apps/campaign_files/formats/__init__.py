"""Files as trees of nodes that know their line: text, YAML and CSV read the same way afterwards; and the way back."""

from .csv_reader import read_table
from .text_files import read_text
from .writers import Literal, Plain, Row, table_text, yaml_text
from .yaml_reader import read_tree

__all__ = ["Literal", "Plain", "Row", "read_table", "read_text", "read_tree", "table_text", "yaml_text"]
