"""Whether the domain of an email address belongs to an organisation's website."""

from contextlib import suppress
from functools import cache
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

from apps.core.encryption import normalise_address

#: domains where anybody can get an address
FREE_MAIL = frozenset({
    "126.com", "163.com", "aol.com", "bol.com.br", "daum.net", "fastmail.com", "free.fr", "gmail.com", "gmx.at",
    "gmx.ch", "gmx.de", "gmx.net", "googlemail.com", "hanmail.net", "hotmail.co.uk", "hotmail.com", "hotmail.es",
    "hotmail.fr", "hotmail.it", "icloud.com", "inbox.lv", "inbox.ru", "laposte.net", "libero.it", "live.com",
    "live.fr", "mac.com", "mail.com", "mail.ru", "mailbox.org", "me.com", "msn.com", "naver.com", "orange.fr",
    "outlook.com", "outlook.fr", "pm.me", "posteo.de", "posteo.net", "proton.me", "protonmail.com", "qq.com",
    "rambler.ru", "rediffmail.com", "riseup.net", "seznam.cz", "t-online.de", "terra.com.br", "tuta.com",
    "tutanota.com", "uol.com.br", "wanadoo.fr", "web.de", "yahoo.co.in", "yahoo.co.uk", "yahoo.com", "yahoo.com.br",
    "yahoo.de", "yahoo.es", "yahoo.fr", "yandex.com", "yandex.ru", "ymail.com", "zoho.com",
})  # fmt: skip
#: domains where anybody can get a website
FREE_SITES = frozenset({
    "blogspot.com", "facebook.com", "github.io", "gitlab.io", "google.com", "instagram.com", "jimdofree.com",
    "linkedin.com", "linktr.ee", "medium.com", "neocities.org", "netlify.app", "pages.dev", "squarespace.com",
    "substack.com", "twitter.com", "vercel.app", "weebly.com", "wixsite.com", "wordpress.com", "x.com",
    "youtube.com",
})  # fmt: skip
#: loads the list that the package brings along
_suffixes = cache(PublicSuffixList)


def mail_domain(address: str) -> str:
    return normalise_address(address).rpartition("@")[2]


def website_host(website: str) -> str:
    """The host of a URL in lower case and IDNA, without "www."; "" if there is none."""
    host = ""
    with suppress(ValueError):
        host = (urlsplit(website).hostname or "").rstrip(".")
    with suppress(UnicodeError):  # not a domain name
        host = host.encode("idna").decode()
    return host.lower().removeprefix("www.")


def website_normalise(website: str) -> str:
    """With a scheme: "kdrf.example/about" → "https://kdrf.example/about"."""
    website = website.strip()
    return website if not website or "://" in website else f"https://{website}"


def is_free_email(address: str) -> bool:
    return mail_domain(address) in FREE_MAIL


def own_domain(domain: str) -> str:
    """The domain if it can be an organisation's own, "" if anybody can get an address or a page there."""
    return "" if domain in FREE_MAIL or domain in FREE_SITES or _is_public_suffix(domain) else domain


def email_matches_website(address: str, website: str) -> bool:
    """One domain equals or contains the other, and anybody can get neither. A person must check whose website it is."""
    domain, host = mail_domain(address), website_host(website)
    if not own_domain(domain) or not own_domain(host):
        return False
    return domain == host or domain.endswith(f".{host}") or host.endswith(f".{domain}")


def _is_public_suffix(domain: str) -> bool:
    """Whether anybody can register names directly below it: org.uk, github.io, every top-level domain."""
    return not domain or _suffixes().privatesuffix(domain) is None
