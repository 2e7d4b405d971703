"""The names of languages, for pages."""

from django.utils.translation import get_language_info


def language_name(code: str) -> str:
    """ "fr" → "French", in the reader's language; the code itself if Django does not know it."""
    return _info(code, "name_translated")


def local_language_name(code: str) -> str:
    """ "fr" → "français"."""
    return _info(code, "name_local")


def _info(code: str, key: str) -> str:
    try:
        return str(get_language_info(code)[key])
    except KeyError:
        return code
