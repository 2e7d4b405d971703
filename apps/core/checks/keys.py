"""Secrets: given, long enough, of use, and never shown, not even a piece of one that is wrong."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from ..encryption import parse_keys

#: how the secrets of settings/local.py begin, which are published with the source
PUBLISHED = "local-only"
#: fewer different characters than this were typed or repeated, not drawn: 50 random hex digits have about 15
VARIED = 10


@register(Tags.security)
def keys_are_given(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """ecom.E001–E004: secret key and data keys."""
    found = _secret_key()
    parsed: list[set[bytes]] = []
    for name, number in (("FIELD_KEYS", 2), ("LOOKUP_KEYS", 3)):
        reason = "none is given"
        try:
            keys = parse_keys(getattr(settings, name))
        except ValueError as error:
            keys, reason = {}, str(error)
        if _abroad() and any(key.startswith(PUBLISHED.encode()) for key in keys.values()):
            keys, reason = {}, "one is a key of settings/local.py, which everybody knows"
        parsed.append(set(keys.values()))
        if not keys:
            found.append(
                Error(
                    f"{name}: {reason}.",
                    hint='Give "1:" and 32 random bytes in URL-safe base64; newer keys go in front, old ones stay.',
                    id=f"ecom.E00{number}",
                )
            )
    if parsed[0] & parsed[1]:
        found.append(
            Error(
                "FIELD_KEYS and LOOKUP_KEYS share a key: whoever learns how addresses are found could read them too.",
                hint="Make a second key, as docs/operating.md shows, and give it as LOOKUP_KEYS.",
                id="ecom.E004",
            )
        )
    return found


def _abroad() -> bool:
    """Whether others may reach us: not under `make run`, where local_settings_stay_home sees to that."""
    return not getattr(settings, "FOR_THIS_MACHINE_ONLY", False)


def _secret_key() -> list[CheckMessage]:
    try:
        secret = settings.SECRET_KEY
    except ImproperlyConfigured:  # Django's own answer to an empty one comes without a hint
        secret = ""
    if len(secret) < 50:
        wrong = "is missing or shorter than 50 characters"
    elif len(set(secret)) < VARIED or secret.startswith("django-insecure-"):
        wrong = "can be guessed: it is no random text"
    elif _abroad() and secret.startswith(PUBLISHED):
        wrong = "is the one of settings/local.py, which everybody knows"
    else:
        return []
    return [
        Error(
            f"SECRET_KEY {wrong}.",
            hint="Make one with `python -c 'import secrets; print(secrets.token_urlsafe(64))'` and give its file "
            "as SECRET_KEY_FILE.",
            id="ecom.E001",
        )
    ]
