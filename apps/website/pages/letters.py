"""The public letter, its published versions and editions."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOnCall, VersionReplacement
from apps.coalitions.selectors.calls import offered_language
from apps.coalitions.selectors.signatory_counts import SignatoryCounts, version_counts
from apps.coalitions.selectors.version_replacements import agreed_replacements, reason_for
from apps.core.site_url import site_url
from apps.core.text import joined
from apps.governments.models import Group
from apps.governments.selectors import members_of_groups, members_on
from apps.letters.merge_fields import envelope_values
from apps.letters.models import Edition, Letter, LetterVersion
from apps.letters.pages.version_differences import ShownDifference, shown_difference
from apps.letters.rendering import render_html
from apps.letters.selectors.editions import edition_for, version_editions

#: reads the lines of `version_lines`; docs/check-a-letter.md has it too, for those who check offline
CHECK = (
    "import hashlib, json, sys; sha = lambda line: hashlib.sha256(line).hexdigest(); "
    "first, *rest = sys.stdin.buffer.read().splitlines(); said = json.loads(first); "
    'parts = [*said["editions"], *said.get("texts", {}).values()]; '
    'print(sha(first) if sorted(map(sha, rest)) == sorted(parts) else "The parts differ.")'
)


def addressees_line(letter: Letter, day: date) -> str:
    """ "To the governments of the 164 members of the World Trade Organization", or of groups, or of single members."""
    language = get_language() or "en"
    body = letter.campaign.text_in("body_name", language)
    if letter.to_all:
        members = members_on(day).count()
        words = ngettext(
            "To the government of the %(n)s member of the %(body)s",
            "To the governments of the %(n)s members of the %(body)s",
            members,
        )
        return words % {"n": members, "body": body}
    names = [member.name_on(day, language) for member in letter.to_members.by_name_on(day, language)]
    groups: list[Group] = list(letter.to_groups.all())
    if len(names) == 1 and not groups:
        return _("To the Government of %(member)s") % {"member": names[0]}
    named = joined([*(group.label for group in groups), *names])
    count = members_of_groups(groups, day).exclude(pk__in=letter.to_members.values("pk")).count() + len(names)
    words = ngettext("To the government of: %(named)s", "To the governments of: %(named)s (%(n)s in all)", count)
    return words % {"named": named, "n": count}


@dataclass(frozen=True)
class LetterPage:
    """The rendered text."""

    call: SignOnCall
    edition: Edition
    #: others in which the page can be read
    languages: list[str]
    #: that edition in each language of the version, without its body; whoever signs one signs all
    texts: list[Edition]
    addressees: str
    counts: SignatoryCounts
    html: str

    @property
    def title(self) -> str:
        return str(self.edition.body["subject"])

    @property
    def opening(self) -> str:
        """The first paragraph of more than 80 characters, as plain text; "" if there is none."""
        for block in self.edition.body["blocks"]:
            text = "".join(inline.get("text", "") for inline in block.get("content", []) if isinstance(inline, dict))
            if block["type"] == "paragraph" and len(text) > 80:
                return text
        return ""


def letter_page(call: SignOnCall, language: str) -> LetterPage:
    """The general edition, or the only one, in that language or its first, of those that the call offers."""
    edition = edition_for(call.version, None, offered_language(call, language))
    counts = version_counts(call.version)
    envelope = envelope_values(call.campaign, edition.member, None, counts, language=edition.language, names=False)
    texts = list(version_editions(call.version).filter(member=edition.member).defer("body"))
    languages = [text.language for text in texts]
    return LetterPage(
        call=call,
        edition=edition,
        languages=[code for code in languages if code != edition.language and code in call.offered_languages],
        texts=texts,
        addressees=addressees_line(call.letter, call.version.frozen_on),
        counts=counts,
        html=render_html(edition.body, envelope, gaps=True),
    )


@dataclass(frozen=True)
class ShownReplacement:
    """A later version that was put in place, with its reason as (text, language)."""

    replacement: VersionReplacement
    reason: tuple[str, str]
    campaign: Campaign
    number: int

    @property
    def difference(self) -> ShownDifference:
        return shown_difference(self.replacement.before, self.replacement.after, get_language() or "en")

    @property
    def files(self) -> list[tuple[LetterVersion, str]]:
        """(version, address of the file that its fingerprint is of)."""
        versions = (self.replacement.before, self.replacement.after)
        address = [self.campaign.slug, self.number]
        return [(each, site_url(reverse("files:letter_json", args=[*address, each.number]))) for each in versions]


def shown_replacements(call: SignOnCall) -> list[ShownReplacement]:
    """The newest first."""
    language = get_language() or "en"
    return [
        ShownReplacement(each, reason_for(each, language), call.campaign, call.letter.number)
        for each in agreed_replacements(call)
    ]


def earlier_signatures(replacements: list[ShownReplacement]) -> int:
    """Signatures to the text before the last material change, also of those who signed the new one too."""
    change = next((each.replacement for each in replacements if not each.replacement.is_correction), None)
    return version_counts(change.before).total if change is not None else 0


def published_versions(campaign: Campaign, number: int) -> QuerySet[LetterVersion]:
    """The versions of the letter whose page the public has seen."""
    opened = SignOnCall.objects.shown().filter(campaign=campaign, letter__number=number)
    replaced = VersionReplacement.objects.filter(call__in=opened.values("pk"), state=VersionReplacement.State.AGREED)
    found = Q(pk__in=opened.values("version_id")) | Q(pk__in=replaced.values("before_id"))
    return LetterVersion.objects.filter(found).select_related("letter")


def published_edition(version: LetterVersion, name: str) -> Edition | None:
    """The edition with that public name: "en" or "pt-br" (general), "ke-en"."""
    member, _dash, language = name.partition("-")
    found = version_editions(version)
    general = found.filter(member=None, language=name).first()
    return general or found.filter(member__code=member.upper(), language=language).first()


def check_command(version: LetterVersion) -> str:
    """For a shell: prints the version's fingerprint, computed from every text and edition."""
    letter = version.letter
    path = reverse("files:letter_record", args=[letter.campaign.slug, letter.number, version.number])
    return f"curl -s {site_url(path)} | python3 -c '{CHECK}'"


def edition_name(edition: Edition) -> str:
    return f"{edition.member.code.lower()}-{edition.language}" if edition.member else edition.language
