"""The letter document as Yjs holds it, so that several people write in it at once.

`body` is an XML fragment as y-prosemirror makes it: an element per node with its attributes, a text per run of words
with marks as formatting; `subject` is a text. Nothing here reads the database.
"""
