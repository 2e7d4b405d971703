"""Formats of numbers by language, which Django reads (FORMAT_MODULE_PATH)."""
