"""The address of the site. Mailed links use it: a request's Host header is whatever its sender wrote."""

from urllib.parse import urljoin

from django.conf import settings


def site_url(path: str = "/") -> str:
    """The absolute URL of a path of this site, from the setting SITE_URL."""
    return urljoin(settings.SITE_URL, path)
