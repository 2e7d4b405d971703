"""Parsing of mail from outside: its headers, texts and files, and what kind of mail it is."""
