"""Who can reach the site, under which host names, and how."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.checks import CheckMessage, Error, Tags, register

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@register(Tags.security)
def demo_stays_home(app_configs: object, **kwargs: object) -> Iterator[CheckMessage]:
    """ecom.E010–E011: one-click sign-in only on loopback and only where no mail can leave."""
    if not settings.DEMO:
        return
    if getattr(settings, "BIND_HOST", "") not in LOOPBACK:
        yield Error(
            "Other machines could reach demo mode.",
            hint="Bind to 127.0.0.1: unset BIND_HOST. A site for others needs the production settings.",
            id="ecom.E010",
        )
    if settings.POSTBOX["MODE"] != "sink":
        yield Error(
            "Demo mode with a postbox that is not in sink mode.",
            hint="Unset POSTBOX_MODE, or start without DEMO.",
            id="ecom.E011",
        )


@register(Tags.security)
def local_settings_stay_home(app_configs: object, **kwargs: object) -> Iterator[CheckMessage]:
    """ecom.E013: the keys of settings/local.py are public. In demo mode E010 says so."""
    if settings.DEMO or not getattr(settings, "FOR_THIS_MACHINE_ONLY", False) or settings.BIND_HOST in LOOPBACK:
        return
    yield Error(
        "Other machines could reach the settings of `make run`, whose keys are public.",
        hint="Bind to 127.0.0.1: unset BIND_HOST. For others, run the production settings "
        "behind a proxy, as docs/operating.md says.",
        id="ecom.E013",
    )


@register(Tags.security)
def hosts_are_given(app_configs: object, **kwargs: object) -> Iterator[CheckMessage]:
    """ecom.E030: the host names of this site."""
    if settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        return
    yield Error(
        "ALLOWED_HOSTS is empty or a wildcard.",
        hint="Give the site's names, for example ALLOWED_HOSTS=letters.example.org.",
        id="ecom.E030",
    )


@register(Tags.security)
def site_url_is_given(app_configs: object, **kwargs: object) -> Iterator[CheckMessage]:
    """ecom.E036: mailed links lead to this site, in production over HTTPS."""
    url = urlsplit(settings.SITE_URL)
    schemes = {"https"} if settings.SESSION_COOKIE_SECURE else {"http", "https"}
    if url.scheme in schemes and url.hostname in settings.ALLOWED_HOSTS and url.path in {"", "/"} and not url.query:
        return
    yield Error(
        "SITE_URL is not the address of this site.",
        hint="Give the scheme and one of ALLOWED_HOSTS, for example SITE_URL=https://letters.example.org.",
        id="ecom.E036",
    )


@register(Tags.security)
def visitors_are_told_apart(app_configs: object, **kwargs: object) -> Iterator[CheckMessage]:
    """ecom.E031: behind a proxy, every visitor would share the proxy's IP address and its rate limits."""
    if not settings.SECURE_PROXY_SSL_HEADER or settings.ALLAUTH_TRUSTED_PROXY_COUNT > 0:
        return
    yield Error(
        "Behind a proxy that is not trusted, all visitors share its IP address.",
        hint="Set TRUSTED_PROXIES to the number of proxies before this site, usually 1; or unset BEHIND_PROXY.",
        id="ecom.E031",
    )


@register(Tags.security, deploy=True)
def https_is_forced(app_configs: object, **kwargs: object) -> Iterator[CheckMessage]:
    """ecom.E032–E034: this site forces HTTPS, or the operator says that the proxy does."""
    by_proxy = getattr(settings, "PROXY_FORCES_HTTPS", False)
    if by_proxy and settings.SECURE_PROXY_SSL_HEADER:
        return
    if by_proxy:
        yield Error(
            "PROXY_FORCES_HTTPS without BEHIND_PROXY.",
            hint="Set BEHIND_PROXY=1 and TRUSTED_PROXIES=1 where a proxy terminates TLS, otherwise unset it.",
            id="ecom.E034",
        )
    instead = "where the proxy does it, set PROXY_FORCES_HTTPS=1."
    if not settings.SECURE_SSL_REDIRECT:
        yield Error(
            "Pages would be served unencrypted: SECURE_SSL_REDIRECT is off.",
            hint=f"Unset it; with a proxy that terminates TLS, set BEHIND_PROXY=1. Only {instead}",
            id="ecom.E032",
        )
    if settings.SECURE_HSTS_SECONDS <= 0:
        yield Error(
            "Browsers are not told to use HTTPS only: SECURE_HSTS_SECONDS is 0.",
            hint=f"Unset it; to begin carefully, give 3600. Only {instead}",
            id="ecom.E033",
        )


@register(Tags.security, deploy=True)
def static_files_are_collected(app_configs: object, **kwargs: object) -> Iterator[CheckMessage]:
    """ecom.E035: without the manifest, every page with a style sheet is an error 500."""
    storage = staticfiles_storage
    if not isinstance(storage, ManifestFilesMixin) or Path(settings.STATIC_ROOT, storage.manifest_name).exists():
        return
    yield Error(
        f"The static files are not collected: {settings.STATIC_ROOT} has no {storage.manifest_name}.",
        hint="Run `manage.py collectstatic --no-input` after every change of the code, before it serves.",
        id="ecom.E035",
    )
