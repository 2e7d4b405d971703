"""Whether the domain of an email address belongs to an organisation's website."""

from contextlib import suppress
from functools import cache
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

from apps.core.encryption import normalise_address

#: domains where anybody can get an address
FREE_MAIL = frozenset({
    "10minutemail.com", "126.com", "163.com", "abv.bg", "alice.it", "aol.com", "arnet.com.ar", "att.net", "bbox.fr",
    "bellsouth.net", "bigpond.com", "bluewin.ch", "bol.com.br", "btinternet.com", "centrum.cz", "comcast.net",
    "cox.net", "daum.net", "dispostable.com", "duck.com", "email.com", "fastmail.com", "fibertel.com.ar", "foxmail.com",
    "free.fr", "freenet.de", "getnada.com", "gmail.com", "googlemail.com", "guerrillamail.com", "hanmail.net",
    "hey.com", "hushmail.com", "icloud.com", "ig.com.br", "inbox.lv", "inbox.ru", "interia.pl", "laposte.net",
    "libero.it", "live.be", "live.ca", "live.co.uk", "live.com", "live.com.ar", "live.com.mx", "live.com.pt", "live.fr",
    "live.it", "live.nl", "mac.com", "mail.com", "mail.ee", "mail.ru", "mailbox.org", "mailfence.com", "mailinator.com",
    "me.com", "mozmail.com", "msn.com", "naver.com", "neuf.fr", "numericable.fr", "o2.pl", "onet.pl", "op.pl",
    "orange.fr", "orange.sn", "pm.me", "posteo.de", "posteo.net", "prodigy.net.mx", "proton.me", "protonmail.com",
    "qq.com", "rambler.ru", "rediffmail.com", "riseup.net", "sapo.pt", "seznam.cz", "sfr.fr", "sharklasers.com",
    "sina.com", "skynet.be", "speedy.com.ar", "t-online.de", "telenet.be", "temp-mail.org", "tempmail.com",
    "terra.com.br", "tiscali.it", "trashmail.com", "tuta.com", "tuta.io", "tutamail.com", "ukr.net", "uol.com.br",
    "verizon.net", "videotron.ca", "virgilio.it", "vodafone.it", "wanadoo.fr", "web.de", "wp.pl", "zoho.com",
})  # fmt: skip
#: whose domains under any country's suffix are such: yahoo.com.ar, hotmail.ca, gmx.fr
FREE_MAIL_BRANDS = frozenset(
    {"gmx", "hotmail", "outlook", "rocketmail", "tutanota", "yahoo", "yandex", "ymail", "yopmail"}
)
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
    return is_free_domain(mail_domain(address))


def is_free_domain(domain: str) -> bool:
    """Whether anybody can get an address there."""
    brand = domain.partition(".")[0]
    return domain in FREE_MAIL or (brand in FREE_MAIL_BRANDS and _suffixes().privatesuffix(domain) == domain)


def own_domain(domain: str) -> str:
    """The domain if it can be an organisation's own, "" if anybody can get an address or a page there."""
    return "" if is_free_domain(domain) or domain in FREE_SITES or _is_public_suffix(domain) else domain


def email_matches_website(address: str, website: str) -> bool:
    """One domain equals or contains the other, and anybody can get neither. A person must check whose website it is."""
    domain, host = mail_domain(address), website_host(website)
    if not own_domain(domain) or not own_domain(host):
        return False
    return domain == host or domain.endswith(f".{host}") or host.endswith(f".{domain}")


def _is_public_suffix(domain: str) -> bool:
    """Whether anybody can register names directly below it: org.uk, github.io, every top-level domain."""
    return not domain or _suffixes().privatesuffix(domain) is None
