"""Digits and commas of the page's language in finished pages and mails: in Arabic ٠ to ٩, as the CLDR has for Egypt.

Numbers come into a page by many ways: counts in sentences, dates, figures beside a heading. They are written once, when
the page is whole. What stays as it is: content (elements in another language, <bdi>, the text of a letter), what is
typed or copied (code, fields, addresses, numbers of eight digits or more), words with Latin letters ("SHA-256"), and a
number between words in Latin letters, which is part of a name or of content that no element marks.
"""

import re

WESTERN = "0123456789"
#: primary language → its digits; where Western ones are usual, none
DIGITS = {"ar": "٠١٢٣٤٥٦٧٨٩"}
#: after a word: the commas that templates put between parts
COMMAS = {"ar": {",": "،", ";": "؛"}}
_WRITTEN = {language: str.maketrans(WESTERN, digits) for language, digits in DIGITS.items()}
_TYPED = str.maketrans(
    {digit: WESTERN[i] for digits in (*DIGITS.values(), "۰۱۲۳۴۵۶۷۸۹") for i, digit in enumerate(digits)}
)

_WORD = re.compile(r"(\S+)")
_SIGN = re.compile(r"[0-9,;]")
_LETTER, _LATIN = re.compile(r"[^\W\d_]"), re.compile(r"[A-Za-z]")
#: of a word that is no number: an address, a name, a telephone number, an identifier
_KEPT = re.compile(r"[A-Za-z@\\]|^\(?\+|[0-9]{8}")
_TAG_OR_TEXT = re.compile(r"(<!--.*?-->|<[^>]*>|&[#\w]+;)", re.DOTALL)
_NAME = re.compile(r"</?([a-zA-Z][\w-]*)")
_SPOKEN = re.compile(r"""(\s(?:title|alt|aria-label|placeholder)=)("[^"]*"|'[^']*')""")
_LANG = re.compile(r'\slang="([^"]*)"')
#: elements whose content is no sentence of ours
_CONTENT = frozenset({"article", "bdi", "code", "kbd", "pre", "script", "style", "textarea"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)


def western_digits(typed: str) -> str:
    """What was typed with Arabic or Persian digits, with those that programs read."""
    return typed.translate(_TYPED)


def text_with_digits(text: str, language: str) -> str:
    """A plain text, or a part of one without tags."""
    language = language.partition("-")[0]
    if language not in DIGITS or not _SIGN.search(text):
        return text
    words = _WORD.split(text)  # the odd ones; white space between them
    latin = [bool(_LATIN.search(word)) if _LETTER.search(word) else None for word in words]
    before, after = _last_known(latin), _last_known(latin[::-1])[::-1]
    for at in range(1, len(words), 2):
        if not (before[at] is not False and after[at] is not False and (before[at] or after[at])):
            words[at] = _written(words[at], language)
    return "".join(words)


def _last_known(values: list[bool | None]) -> list[bool | None]:
    """For each place the last value up to it that is not None."""
    found, last = [], None
    for value in values:
        last = last if value is None else value
        found.append(last)
    return found


def html_with_digits(html: str, language: str) -> str:
    """A page or a part of one, in that language where no element says otherwise."""
    language = language.partition("-")[0]
    if language not in DIGITS:
        return html
    found, inside, depth = [], "", 0
    for part in _TAG_OR_TEXT.split(html):
        tag = _NAME.match(part) if part.startswith("<") else None
        if inside:  # of content, until its element ends
            if tag and tag[1].lower() == inside:
                depth += -1 if part.startswith("</") else 1
                inside = inside if depth else ""
        elif tag and not part.startswith("</"):
            if _is_content(tag[1].lower(), part, language):
                inside, depth = ("", 0) if tag[1].lower() in _VOID else (tag[1].lower(), 1)
            else:
                part = _SPOKEN.sub(lambda match: match[1] + text_with_digits(match[2], language), part)
        elif not part.startswith(("<", "&")):
            part = text_with_digits(part, language)
        found.append(part)
    return "".join(found)


def _is_content(name: str, tag: str, language: str) -> bool:
    lang = _LANG.search(tag)
    return name in _CONTENT or 'dir="ltr"' in tag or (lang is not None and lang[1].partition("-")[0] != language)


def _written(word: str, language: str) -> str:
    if _KEPT.search(word):
        return word
    word = word.translate(_WRITTEN[language])
    return word[:-1] + COMMAS[language].get(word[-1], word[-1])
