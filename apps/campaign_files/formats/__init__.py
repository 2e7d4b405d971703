"""Text, YAML and CSV as trees of nodes that know their line, and back."""

from .csv_files import read_table, table_text
from .text_reader import read_text
from .yaml_reader import read_tree
from .yaml_writer import Literal, Plain, Row, yaml_text

__all__ = ["Literal", "Plain", "Row", "read_table", "read_text", "read_tree", "table_text", "yaml_text"]
