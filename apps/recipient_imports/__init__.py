"""Import recipients from a spreadsheet: file → sheet → columns → plan → rows, each step shown before the next."""
