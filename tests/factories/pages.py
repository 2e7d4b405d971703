"""Pages as a test reads them."""

import re
from typing import Any


def html_of(answer: Any) -> str:
    """The page without the white space by which templates are laid out; a line break within a sentence is a space."""
    html = re.sub(r"<[^<>]+>", lambda tag: " ".join(tag[0].split()).replace(" >", ">"), answer.content.decode())
    html = re.sub(r"(?<=[^\s>])\s*\n\s*(?=<(?:a|b|bdi|span|time)\b)", " ", html)
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"\s*\n\s*(?=<)|(?<=>)\s*\n\s*", "", html))


def without_switch(html: str) -> str:
    """The page without the list of the interface's languages, which names its address again in each."""
    return re.sub(r'<nav class="languages" aria-label="Language">.*?</nav>', "", html, flags=re.DOTALL)
