"""What other sites paste to show a letter with its form."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html

from apps.core.site_url import site_url
from apps.letters.selectors.editions import public_title

from ..models import SignOnCall

#: without the script, which adjusts it
HEIGHT = 900


@dataclass(frozen=True)
class Snippets:
    """`path` is the embedded page; `frame` is markup without a script; `script` places the same frame, as high as its
    content."""

    path: str
    frame: str
    script: str


def embed_snippets(call: SignOnCall, language: str) -> Snippets:
    with translation.override(language):
        path = reverse("website:embed", args=[call.campaign.slug, call.letter.number])
    title, address = public_title(call.version, language), site_url(path)
    frame = format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy" style="border: 0"></iframe>',
        address, title, HEIGHT,
    )  # fmt: skip
    script = format_html(
        '<script src="{}" data-letter="{}" data-title="{}" async></script>',
        site_url(reverse("files:embed_script")), address, title,
    )  # fmt: skip
    return Snippets(path, frame, script)
