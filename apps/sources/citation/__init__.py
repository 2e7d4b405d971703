"""Citations of sources: footnotes and bibliography, in one style for all languages of letters.

A source without a known title and URL is cited through the campaign's own document, the points of which locators count.
Footnotes of letters have no "accessed on", so that checking a link does not change an approved letter.
"""
