"""Templates, letters, and versions that three people wrote, approved and froze."""

from itertools import count
from typing import Any

from apps.campaigns.models import Campaign, TeamMember
from apps.governments.models import DrafterLimit, Member
from apps.letters.models import Letter, LetterTemplate, LetterVersion
from apps.letters.services.approvals import letter_text_approve, letter_text_ask_review
from apps.letters.services.drafts import letter_create, letter_text_save
from apps.letters.services.languages import Start, letter_text_add
from apps.letters.services.versions import letter_version_freeze

from . import documents as d

SUBJECT = "No new rules on electronic commerce"
BODY = d.doc(
    d.par(d.merge("recipient.salutation"), ","),
    d.par("From 10 to 13 December you will meet at the conference. We ask you to refuse a new mandate."),
    d.par("We write to the government of ", d.merge("member.name"), " before ", d.merge("conference.short"), "."),
    d.par("This letter is signed by ", d.merge("signatories.organisations"), " organisations."),
    d.signatories(),
)
_numbers = count(1)


def make_template(campaign: Campaign, body: dict[str, Any] | None = None, **extra: Any) -> LetterTemplate:
    defaults = {"key": "base", "title": "Base letter", "language": "en", "subject": SUBJECT}
    return LetterTemplate.objects.create(campaign=campaign, body=body or d.letter(), **{**defaults, **extra})


def make_version(campaign: Campaign, cast: Any, *members: Member, body: Any = None, title: str = "") -> LetterVersion:
    """A letter to these members (to all where there are none), written, approved and frozen by three people."""
    template = make_template(campaign, body or BODY, key=f"t{next(_numbers)}")
    letter = letter_create(
        campaign=campaign,
        actor=cast.drafter,
        template=template,
        title=title or SUBJECT,
        to_all=not members,
        members=members,
    )
    return approve_and_freeze(letter, cast)


def make_next_version(letter: Letter, cast: Any, change: str = "correction") -> LetterVersion:
    text = letter.texts.get()
    body = d.doc(*BODY["content"], d.par("One thing more."))
    letter_text_save(text=text, actor=cast.drafter, revision=text.revision, subject=text.subject, body=body)
    return approve_and_freeze(letter, cast, change)


def make_mc11_version(campaign: Campaign, cast: Any, *members: Member, languages: Any = ("fr", "es")) -> LetterVersion:
    """The African Group's letter of MC11 to these members, in English and `languages`, each from its template."""
    templates = LetterTemplate.objects.filter(campaign=campaign, key="african-group")
    first = templates.get(language="en")
    letter = letter_create(campaign=campaign, actor=cast.drafter, template=first, title=first.subject, members=members)
    for template in templates.filter(language__in=languages):
        letter_text_add(
            letter=letter, actor=cast.drafter, language=template.language, start=Start.TEMPLATE, template=template
        )
    return approve_and_freeze(letter, cast)


def approve_and_freeze(letter: Letter, cast: Any, change: str = "correction") -> LetterVersion:
    for text in letter.texts.all():
        letter_text_ask_review(text=text, actor=cast.drafter)
        text.refresh_from_db()
        letter_text_approve(text=text, actor=cast.reviewer, sha256=text.sha256)
    later = {"change": change, "reason": "A mistake was found."} if letter.versions.exists() else {}
    return letter_version_freeze(letter=letter, actor=cast.coordinator, **later)


def limit_drafter(campaign: Campaign, user: Any, *members: Member) -> None:
    """Let the drafter write to these members only."""
    membership = TeamMember.objects.get(campaign=campaign, user=user)
    DrafterLimit.objects.bulk_create(DrafterLimit(team_member=membership, member=member) for member in members)
