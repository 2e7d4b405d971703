"""Addenda: the further lists of those who signed after the letter had left with its list."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.core.registries import AddendumDeparture, LetterDeparture
from apps.core.types import JsonObject
from apps.letters.rendering import campaign_letterhead, render_pdf
from apps.letters.selectors.editions import first_language, public_title

from ..models import Annex, SignOnCall
from ..selectors.annexes import addenda, addendum_departure, annex_data, late_signatures
from ..selectors.calls import letter_departure


@dataclass(frozen=True)
class AddendaPage:
    """`sent` is None while the letter has not left; `late` are signatures on no list yet."""

    sent: LetterDeparture | None
    annex: Annex | None
    addenda: list[tuple[Annex, AddendumDeparture | None]]
    late: int


def addenda_page(call: SignOnCall) -> AddendaPage:
    sent = letter_departure(call.version)
    if sent is None:
        return AddendaPage(None, None, [], 0)
    annex = Annex.objects.get(pk=sent.annex_id)
    found = [(addendum, addendum_departure(addendum)) for addendum in addenda(annex.pk)]
    return AddendaPage(sent, annex, found, late_signatures(annex).count())


def addendum_pdf(addendum: Annex, *, language: str = "", names: bool = True) -> bytes:
    """The list by itself, in that language or the letter's first, with its own fingerprint and that of the first list.
    The same bytes each time, unless a name was removed. Raises PdfFailed."""
    annex, version = addendum.supplements, addendum.version
    assert annex is not None
    language = language or first_language(version)
    data = annex_data(addendum)
    with override(language):
        values = {"letter": addendum.letter.number, "version": version.number, "title": public_title(version, language)}
        lines = [
            _("These organisations and people signed letter %(letter)s, version %(version)s: “%(title)s”.") % values,
            _("They signed after the list that went with the letter. Its fingerprint (SHA-256): %(sha256)s.")
            % {"sha256": annex.sha256},
        ]
        body: JsonObject = {
            "language": language,
            "subject": _("Addendum to the list of signatories"),
            "blocks": [{"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in lines],
            "notes": [],
        }
        data = data if names else replace(data, sections=())
        return render_pdf(body, {}, data, campaign_letterhead(addendum.campaign))
