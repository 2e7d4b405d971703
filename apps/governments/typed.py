"""What somebody typed, as it is kept: by forms and by files alike, so that what is exported comes back as it was."""

import unicodedata


def visible(text: str) -> str:
    """Without control characters and those that turn the direction of what follows: they deceive whoever reads."""
    return "".join(
        char
        for char in text
        if char == "\n" or unicodedata.category(char) not in {"Cc", "Cf"} or char in "\u200c\u200d"
    )


def one_line(text: str) -> str:
    """Spaces around and within are no part of it."""
    return " ".join(visible(" ".join(text.split())).split())


def several_lines(text: str) -> str:
    """As it stands, with indentation and empty lines; only what is around it goes."""
    return visible(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
