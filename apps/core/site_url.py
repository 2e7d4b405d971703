"""The URL of the site for mailed links: a request's Host header could be forged."""

from urllib.parse import urljoin

from django.conf import settings


def site_url(path: str = "/") -> str:
    """The absolute URL of a path, from the setting SITE_URL."""
    return urljoin(settings.SITE_URL, path)
