"""Cite a fact as it is now, after it has changed."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError

from ..models import LetterText
from .drafts import check_may_draft, text_locked


class FactChangedAgain(Conflict):
    default_message = _(
        "The fact was changed again while you read it. Compare the new words, then update the citation."
    )


@transaction.atomic
def citation_update(*, text: LetterText, actor: User, fact: str, revision: int) -> None:
    """The text cites the fact with this key as its `revision` says, which the person has read. Raises
    FactChangedAgain, DomainError where the text does not cite it, TextRemoved, letter_closed, beyond_limit."""
    text = text_locked(text)
    check_may_draft(actor, text.letter)
    use = text.fact_uses.select_related("fact").filter(fact__key=fact).first()
    if use is None:
        raise DomainError(_("The text does not cite this fact."))
    if use.fact.revision != revision:
        raise FactChangedAgain
    if use.fact_revision == revision:
        return
    use.fact_revision = revision
    use.save(update_fields=["fact_revision"])
    audit_record(
        verb="letter_text.update_citation", subject=text, actor=actor, campaign_id=text.letter.campaign_id,
        language=text.language, fact=fact, revision=revision,
    )  # fmt: skip
