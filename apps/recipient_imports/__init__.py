"""Importing recipients from a spreadsheet: bytes → sheet → columns → plan → written, each step shown before the next.

`sheet`, `text`, `workbook`, `columns` and `values` are pure; the layers (selectors, services, forms, views) are those
of every app.
"""
