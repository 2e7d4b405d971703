"""Whether a frozen version is signed now, for the page of the version."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.core.registries import VersionSigning
from apps.core.times import reader_time
from apps.letters.models import LetterVersion

from ..selectors.calls import campaign_calls
from ..selectors.version_replacements import version_to_replace_with


def version_signing(version: LetterVersion) -> VersionSigning | None:
    campaign = version.letter.campaign
    call = campaign_calls(campaign).filter(version=version).first()
    if call is None:
        return _to_put_in_place(version)
    url = f"{reverse('sign_on:index', args=[campaign.slug])}?call={call.pk}"
    if call.ended_at is not None:
        detail = pgettext("closed for signature", "since %(when)s") % {"when": reader_time(call.ended_at, campaign)}
        return VersionSigning("lock", "idle", _("Closed for signature"), detail, url, running=False)
    if call.is_open():
        detail = pgettext("open for signature", "until %(when)s") % {"when": reader_time(call.closes_at, campaign)}
        return VersionSigning("pen", "ok", pgettext("letter", "Open for signature"), detail, url, running=True)
    detail = pgettext("opens for signature", "from %(when)s") % {"when": reader_time(call.opens_at, campaign)}
    return VersionSigning("clock", "ink", _("Opens for signature"), detail, url, running=True)


def _to_put_in_place(version: LetterVersion) -> VersionSigning | None:
    """The newest version of a letter that is signed in an earlier one."""
    campaign = version.letter.campaign
    call = campaign_calls(campaign).filter(letter=version.letter_id).first()
    if call is None or version_to_replace_with(call) != version:
        return None
    words, url = _("Version %(number)s is signed"), reverse("sign_on:replace", args=[campaign.slug, call.pk])
    state = words % {"number": call.version.number}
    return VersionSigning("pen", "ink", state, _("Switch to this version"), url, running=call.ended_at is None)
