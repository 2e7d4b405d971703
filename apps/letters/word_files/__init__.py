"""Letters from Word files: read in a process with limits into the HTML that the editor cleans as it does a paste."""

from .runner import MAX_FILE, UnreadableWordFile, WordText, read_word_file

__all__ = ["MAX_FILE", "UnreadableWordFile", "WordText", "read_word_file"]
