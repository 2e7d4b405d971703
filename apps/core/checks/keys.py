"""Secrets are configured, long and random. No message shows one, not even a part of a wrong one."""

from collections.abc import Iterator

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from ..encryption import parse_keys

#: prefix of the secrets in settings/local.py, which are public
PUBLISHED = "local-only"
#: a random text has more different characters than this: 50 hexadecimal digits have about 15
VARIED = 10


@register(Tags.security)
def keys_are_given(app_configs: object, **kwargs: object) -> Iterator[CheckMessage]:
    """ecom.E001–E004: secret key and data keys."""
    yield from _secret_key()
    parsed: list[set[bytes]] = []
    for name, number in (("FIELD_KEYS", 2), ("LOOKUP_KEYS", 3)):
        reason = "none is given"
        try:
            keys = parse_keys(getattr(settings, name))
        except ValueError as error:
            keys, reason = {}, str(error)
        if _is_public() and any(key.startswith(PUBLISHED.encode()) for key in keys.values()):
            keys, reason = {}, "one is a key of settings/local.py, which is public"
        parsed.append(set(keys.values()))
        if not keys:
            yield Error(
                f"{name}: {reason}.",
                hint='Give "1:" and 32 random bytes in URL-safe base64; newer keys go in front, old ones stay.',
                id=f"ecom.E00{number}",
            )
    if parsed[0] & parsed[1]:
        yield Error(
            "FIELD_KEYS and LOOKUP_KEYS share a key: somebody who learns the lookup key could read the addresses too.",
            hint="Make a second key, as docs/operating.md shows, and give it as LOOKUP_KEYS.",
            id="ecom.E004",
        )


def _is_public() -> bool:
    """Whether others may reach this site: not under `make run`, where local_settings_stay_home checks that."""
    return not getattr(settings, "FOR_THIS_MACHINE_ONLY", False)


def _secret_key() -> Iterator[CheckMessage]:
    try:
        secret = settings.SECRET_KEY
    except ImproperlyConfigured:  # Django's own error for an empty key has no hint
        secret = ""
    if len(secret) < 50:
        wrong = "is missing or shorter than 50 characters"
    elif len(set(secret)) < VARIED or secret.startswith("django-insecure-"):
        wrong = "can be guessed: it is not random"
    elif _is_public() and secret.startswith(PUBLISHED):
        wrong = "is the one of settings/local.py, which is public"
    else:
        return
    yield Error(
        f"SECRET_KEY {wrong}.",
        hint="Make one with `python -c 'import secrets; print(secrets.token_urlsafe(64))'` and give its file "
        "as SECRET_KEY_FILE.",
        id="ecom.E001",
    )
