"""Citations of sources: footnotes and bibliography, in one style for all languages of letters.

Authors, title, publisher, date, locator. Titles of articles are in quotation marks. A source without a known title and
URL is cited through the campaign's own document, the points of which locators count. A later note on the same source
has author, short title and the number of the first note.

Footnotes of letters have no "accessed on", so that checking a link does not change an approved letter. Public pages add
`accessed_text`.
"""
