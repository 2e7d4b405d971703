"""The exact letter of a delivery, rendered the same way for the preview, the test and sending."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from apps.coalitions.models import Annex, SignOn
from apps.coalitions.pages.addenda import addendum_pdf
from apps.coalitions.selectors.annexes import annex_data
from apps.coalitions.selectors.signatory_counts import SignatoryCounts, version_counts
from apps.core.languages import language_for
from apps.core.territories import territory_sort_key
from apps.core.times import zone_place_lazy
from apps.core.types import JsonObject
from apps.letters.merge_fields import envelope_values
from apps.letters.models import LetterVersion
from apps.letters.rendering import (
    AnnexData,
    AnnexSection,
    campaign_letterhead,
    edition_verification_link,
    render_html,
    render_mail_html,
    render_pdf,
    render_text,
)
from apps.letters.rendering.font_coverage import printable_name, uncovered

from .addendum_note import addendum_note, note_language
from .models import Delivery, Dispatch
from .selectors.dispatch_plan import LATE_VALUES

#: values that name a person; a salutation may
PERSONAL_VALUES = ("recipient.name", "recipient.salutation")


@dataclass(frozen=True)
class Enclosure:
    """The list of signatories enclosed with every letter, and its counts; as of now unless `frozen`."""

    annex: AnnexData
    counts: SignatoryCounts
    day: date
    frozen: bool


@dataclass(frozen=True)
class RenderedLetter:
    subject: str
    text: str
    html: str
    pdf: bytes
    filename: str
    linked: bool = False

    @property
    def attachments(self) -> list[tuple[str, str, bytes]]:
        return [] if self.linked else [(self.filename, "application/pdf", self.pdf)]


def dispatch_enclosure(dispatch: Dispatch) -> Enclosure:
    """What was frozen at authorisation; before that, what would be frozen now."""
    zone = ZoneInfo(dispatch.campaign.time_zone)
    day = timezone.localdate(dispatch.authorised_at or timezone.now(), zone)
    if dispatch.addendum is not None:
        return Enclosure(annex_data(dispatch.addendum), frozen_counts(dispatch.addendum), day, frozen=True)
    if dispatch.annex is None:
        annex, counts = annex_preview(dispatch.version)
        return Enclosure(annex, counts, day, frozen=False)
    return Enclosure(annex_data(dispatch.annex), frozen_counts(dispatch.annex), day, frozen=True)


def frozen_counts(annex: Annex) -> SignatoryCounts:
    counts = annex.counts
    return SignatoryCounts(counts["organisations"], counts["people"], counts["countries"], counts["by_country"])


def envelope_values_for(delivery: Delivery, enclosure: Enclosure, *, names: bool = True) -> dict[str, str]:
    """The planned values, with date and counts. `names=False` hides the recipient's name and salutation."""
    fresh: Mapping[str, str] = envelope_values(
        delivery.dispatch.campaign,
        delivery.member,
        recipient=delivery.recipient,
        counts=enclosure.counts,
        language=delivery.language,
        on=enclosure.day,
        names=names,
    )
    late = {key: value for key, value in fresh.items() if key in LATE_VALUES}
    hidden = {} if names else {key: fresh.get(key, "") for key in PERSONAL_VALUES}
    return {**delivery.envelope_values, **late, **hidden}


def render_letter(delivery: Delivery, enclosure: Enclosure, *, link: str = "") -> RenderedLetter:
    """With a `link` to the PDF, that is in the mail in place of the file. Raises MissingValue, with the names of the
    fields."""
    subject, text, html = render_mail(delivery, enclosure, link=link)
    pdf = render_letter_pdf(delivery, enclosure)
    return RenderedLetter(subject, text, html, pdf, pdf_filename(delivery), linked=bool(link))


def render_mail(delivery: Delivery, enclosure: Enclosure, *, link: str = "") -> tuple[str, str, str]:
    """Subject, text and HTML of the mail. Raises MissingValue."""
    body, envelope = mail_body(delivery), envelope_values_for(delivery, enclosure)
    annex = _annex_in_mail(delivery, enclosure.annex)
    with override(body["language"]):
        parts = [*copy_note(delivery), render_text(body, envelope, annex).rstrip(), *_link_note(link)]
        html = _with_notes(str(render_mail_html(body, envelope, annex)), copy_note(delivery), link)
        return _subject(delivery, body), "\n\n".join(parts) + "\n", html


def _subject(delivery: Delivery, body: JsonObject) -> str:
    return _("Copy: %(subject)s") % {"subject": body["subject"]} if delivery.is_copy else str(body["subject"])


def mail_subject(delivery: Delivery) -> str:
    body = mail_body(delivery)
    with override(body["language"]):
        return _subject(delivery, body)


def copy_note(delivery: Delivery) -> list[str]:
    """The first paragraph of a copy, in the language that is active."""
    if not delivery.is_copy:
        return []
    values = delivery.envelope_values
    said = _("For your information: a copy of our letter to %(post)s, %(office)s.")
    return [said % {"post": values.get("recipient.post", "–"), "office": values.get("office.name", "–")}]


def _link_note(link: str) -> list[str]:
    return [_("This letter with its list of signatories, as PDF:") + f"\n{link}"] if link else []


def _with_notes(html: str, notes: list[str], link: str) -> str:
    """In the document, before the letter and behind it."""
    head, body, rest = html.partition("<body>")
    first = format_html_join("", "<p>{}</p>", ((note,) for note in notes))
    said = _("This letter with its list of signatories, as PDF:")
    last = format_html('<p>{} <a href="{}">{}</a></p>', said, link, link) if link else ""
    return f"{head}{body}{first}{rest.removesuffix('</body></html>')}{last}</body></html>"


def mail_body(delivery: Delivery) -> JsonObject:
    """The letter, or the covering note of an addendum."""
    addendum = delivery.dispatch.addendum
    return delivery.edition.body if addendum is None else addendum_note(addendum, delivery.language)


def _annex_in_mail(delivery: Delivery, annex: AnnexData) -> AnnexData | None:
    """The names of an addendum are in its PDF only."""
    return annex if delivery.dispatch.addendum is None else None


def render_letter_pdf(delivery: Delivery, enclosure: Enclosure, *, names: bool = True) -> bytes:
    """Letter, notes and signatories, or the addendum. `names=False` leaves out their names and the recipient's."""
    if delivery.dispatch.addendum is not None:
        return addendum_pdf(delivery.dispatch.addendum, language=note_language(delivery.language), names=names)
    dispatch = delivery.dispatch
    return render_pdf(
        delivery.edition.body,
        envelope_values_for(delivery, enclosure, names=names),
        _annex_for(enclosure, names=names),
        letterhead=campaign_letterhead(dispatch.campaign),
        proof=edition_verification_link(delivery.edition, dispatch.version, dispatch.letter, dispatch.campaign),
    )


def render_letter_html(delivery: Delivery, enclosure: Enclosure, *, names: bool) -> SafeString:
    """The letter for our pages, without signatories' names. Erased values show as gaps."""
    return render_html(
        mail_body(delivery),
        envelope_values_for(delivery, enclosure, names=names),
        _annex_in_mail(delivery, _annex_for(enclosure, names=False)),
        gaps=True,
    )


def render_letter_text(delivery: Delivery, enclosure: Enclosure, *, names: bool) -> str:
    envelope = envelope_values_for(delivery, enclosure, names=names)
    annex = _annex_in_mail(delivery, _annex_for(enclosure, names=names))
    return render_text(mail_body(delivery), envelope, annex, gaps=True)


def _annex_for(enclosure: Enclosure, *, names: bool) -> AnnexData:
    """Some signed for governments only: without the right to see contact data one sees only counts."""
    return enclosure.annex if names else replace(enclosure.annex, sections=())


def pdf_filename(delivery: Delivery) -> str:
    """Plain ASCII: "mc11-letter-1-kenya.pdf"."""
    dispatch = delivery.dispatch
    letter = f"{slugify(dispatch.campaign.slug)}-letter-{dispatch.letter.number}"
    if dispatch.addendum_id is not None:
        return f"{letter}-addendum-{dispatch.addendum_id}.pdf"
    return f"{letter}-{slugify(delivery.member.name)}.pdf"


def annex_preview(version: LetterVersion) -> tuple[AnnexData, SignatoryCounts]:
    """The list of signatories as it would be frozen now."""
    counts, zone = version_counts(version), ZoneInfo(version.letter.campaign.time_zone)
    rows = SignOn.objects.covering(version).named_to_governments().order_by("country", "name_key", "id")
    sections = [
        AnnexSection(country, tuple(sign_on.printed_name for sign_on in group))
        for country, group in groupby(rows, key=lambda row: row.country)
    ]
    sections.sort(key=lambda section: territory_sort_key(section.country))
    annex = AnnexData(
        frozen_at=timezone.localtime(None, zone),
        sha256="",
        organisations=counts.organisations,
        people=counts.people,
        countries=counts.countries,
        unnamed=counts.total - sum(len(section.names) for section in sections),
        sections=tuple(sections),
        place=zone_place_lazy(zone, version.letter.campaign),
    )
    return annex, counts


def unprintable_names(dispatch: Dispatch, deliveries: Iterable[Delivery]) -> list[tuple[str, str]]:
    """(name, what the PDF prints) of signatories and recipients with characters that no font has."""
    annex = annex_preview(dispatch.version)[0]
    names = [name for section in annex.sections for name in section.names]
    names += [row.envelope_values.get(key, "") for row in deliveries for key in PERSONAL_VALUES]
    no_font = language_for(get_language() or "").signatures.no_font
    return [(name, printable_name(name, no_font)) for name in sorted(set(names)) if uncovered(name)]
