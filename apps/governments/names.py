"""The languages in which members have names."""

#: languages in which members have names, with what each is called in itself
NAME_LANGUAGES = {"en": "English", "fr": "Français", "es": "Español"}


def names_language(language: str) -> str:
    """The language in which who reads `language` ("fr-CA") finds names; English where members have none in it."""
    return language[:2] if language[:2] in NAME_LANGUAGES else "en"
