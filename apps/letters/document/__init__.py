"""The letter document: ProseMirror JSON with our own nodes, checked, walked, and resolved for one government.

`{"type": "doc", "content": [block …]}`, see `schema`. Nothing here reads the database.
"""

from .characters import DocumentInvalid
from .resolution import Frozen, Resolution, note_order, resolve
from .schema import (
    MAX_BLOCKS,
    MAX_BYTES,
    MAX_SUBJECT,
    clean_document,
    clean_subject,
    validate_document,
    validate_subject,
)
from .traversal import (
    audiences_used,
    document_hash,
    facts_used,
    merge_fields_used,
    missing_fields,
    plain_text,
    points_used,
    walk_nodes,
    with_block_ids,
    word_count,
)

__all__ = [
    "MAX_BLOCKS",
    "MAX_BYTES",
    "MAX_SUBJECT",
    "DocumentInvalid",
    "Frozen",
    "Resolution",
    "audiences_used",
    "clean_document",
    "clean_subject",
    "document_hash",
    "facts_used",
    "merge_fields_used",
    "missing_fields",
    "note_order",
    "plain_text",
    "points_used",
    "resolve",
    "validate_document",
    "validate_subject",
    "walk_nodes",
    "with_block_ids",
    "word_count",
]
