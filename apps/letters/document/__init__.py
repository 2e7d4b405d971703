"""The letter document: ProseMirror JSON with our own nodes, checked, walked, and resolved for one government.

`{"type": "doc", "content": [block …]}`, see `schema`. Nothing here reads the database.
"""
