"""Make a template of a letter, change how a template is described, put it aside."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.audit import audit_record
from apps.core.errors import DomainError, NotAllowed
from apps.core.text import unique_key
from apps.governments.models import Group

from ..models import Letter, LetterTemplate, LetterText
from ..selectors.letters import drafter_limits
from .text_bodies import text_body_refresh

#: a key is also the name of a file
LONGEST_KEY = 46


@transaction.atomic
def letter_template_create(
    *,
    letter: Letter,
    actor: User,
    title: str,
    description: str = "",
    group: Group | None = None,
    languages: Iterable[str] = (),
) -> list[LetterTemplate]:
    """The letter's texts in these languages (all where none is named) as one template, the original first. The letter
    stays as it is. Raises DomainError, NotAllowed."""
    _check_unlimited(actor, letter.campaign)
    wanted = set(languages)
    rows = letter.texts.select_for_update(of=("self",)).select_related("letter__campaign").order_by("pk")
    texts = [text_body_refresh(text) for text in rows if not wanted or text.language in wanted]
    if wanted - {text.language for text in texts} or not texts:
        raise DomainError(_("Choose languages in which the letter has a text."), field="languages")
    if not title.strip():
        raise DomainError(_("Give the template a title."), field="title")
    if empty := next((text for text in texts if not text.subject.strip()), None):
        raise DomainError(
            _("A text has no subject yet (%(language)s). Write one first.") % {"language": empty.language}
        )
    Campaign.objects.locked(letter.campaign_id)  # two templates never get the same key
    key = _free_key(letter.campaign, title)
    group_slug = group.slug if group else ""
    made = [_template(text, key, title.strip(), description.strip(), group_slug) for text in texts]
    audit_record(
        verb="letter_template.create", subject=made[0], actor=actor, campaign_id=letter.campaign_id,
        letter=letter.number, languages=[template.language for template in made],
    )  # fmt: skip
    return made


def _free_key(campaign: Campaign, title: str) -> str:
    taken = set(LetterTemplate.objects.filter(campaign=campaign).values_list("key", flat=True))
    stem = slugify(title).replace("_", "-")[:LONGEST_KEY].strip("-") or "letter"
    return unique_key(stem, taken)


def _template(text: LetterText, key: str, title: str, description: str, group_slug: str) -> LetterTemplate:
    return LetterTemplate.objects.create(
        campaign=text.letter.campaign, key=key, language=text.language, title=title, description=description,
        group_slug=group_slug, subject=text.subject, body=text.body, from_letter=text.letter, edited_at=timezone.now(),
    )  # fmt: skip


@transaction.atomic
def letter_template_edit(*, template: LetterTemplate, actor: User, title: str, description: str) -> LetterTemplate:
    """Describe it otherwise, in its language; the text stays. The campaign's files no longer replace it. Raises
    DomainError, NotAllowed."""
    _check_unlimited(actor, template.campaign)
    if not title.strip():
        raise DomainError(_("Give the template a title."), field="title")
    row = LetterTemplate.objects.select_for_update().get(pk=template.pk)
    row.title, row.description, row.edited_at = title.strip(), description.strip(), timezone.now()
    row.save(update_fields=["title", "description", "edited_at", "updated_at"])
    audit_record(verb="letter_template.edit", subject=row, actor=actor, campaign_id=row.campaign_id)
    return row


@transaction.atomic
def letter_template_archive(*, template: LetterTemplate, actor: User, archived: bool = True) -> None:
    """No letter begins from it any more, in any language; with `archived` False they do again. Raises NotAllowed."""
    _check_unlimited(actor, template.campaign)
    rows = LetterTemplate.objects.select_for_update().filter(campaign=template.campaign, key=template.key)
    changed = rows.exclude(archived=archived).update(archived=archived, edited_at=timezone.now())
    if changed:
        verb = "letter_template.archive" if archived else "letter_template.bring_back"
        audit_record(verb=verb, subject=template, actor=actor, campaign_id=template.campaign_id)


def _check_unlimited(actor: User, campaign: Campaign) -> None:
    """Templates are for the whole campaign."""
    if drafter_limits(actor, campaign) is not None:
        raise NotAllowed(_("You draft for some governments only. Ask a coordinator to change the templates."))
