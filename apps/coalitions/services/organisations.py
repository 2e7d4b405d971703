"""Organisations: found by the name under which somebody signs, edited, dropped when nobody signs for them any more."""

from collections.abc import Collection, Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import Conflict
from apps.core.optimistic_locking import apply_changes
from apps.core.text import name_key

from ..models import Coalition, Organisation, SignOn
from ..selectors.organisations import organisation_fingerprint


class NameTaken(Conflict):
    """A further name is that of another organisation."""

    def __init__(self, name: str) -> None:
        words = _("%(name)s is the name of another organisation here. Merge the two instead.")
        super().__init__(words % {"name": name}, field="other_names")


class OrganisationChanged(Conflict):
    default_message = _("Somebody changed this organisation meanwhile. Check it and save again.")


def organisation_matched(sign_on: SignOn) -> Organisation:
    """The campaign's organisation with that name and country, created if there is none; of a merged one, the one kept.

    It stays locked until the transaction ends, so that it cannot be merged before the signature is saved.
    """
    rows = Organisation.objects.select_for_update(no_key=True)
    organisation, _made = rows.get_or_create(
        campaign_id=sign_on.campaign_id, country=sign_on.country, name_key=name_key(sign_on.org_name),
        defaults={
            "name": sign_on.org_name, "name_english": sign_on.org_name_english, "acronym": sign_on.org_acronym,
            "kind": sign_on.org_kind, "website": sign_on.org_website, "members_represented": sign_on.org_members,
        },
    )  # fmt: skip
    while organisation.merged_into_id is not None:
        organisation = rows.get(pk=organisation.merged_into_id)
    return organisation


def organisation_drop_unused(organisation: Organisation | None, *, keep_edited: bool = False) -> None:
    """Delete it with its further names if no signature refers to it; with `keep_edited` only if its page was never
    edited."""
    if organisation is None or organisation.sign_ons.exists() or organisation.claims.exists():
        return
    if not keep_edited or not (organisation.merged.exists() or organisation.coalitions.exists()):
        organisation.delete()


def second_signatures_return(*, letter_id: int, organisation: Organisation | None) -> None:
    """The organisation's signature no longer counts: a moderator looks again at those that a merge set beside it."""
    if organisation is not None:
        settled = SignOn.objects.filter(
            letter_id=letter_id, organisation=organisation, state=SignOn.State.HELD,
            moderation=SignOn.Moderation.ACCEPTED,
        )  # fmt: skip
        settled.update(moderation=SignOn.Moderation.WAITING)


@transaction.atomic
def organisation_save(
    *,
    organisation: Organisation,
    actor: User,
    seen: str,
    changes: dict[str, object],
    other_names: Iterable[str],
    coalitions: Collection[Coalition],
    new_coalition: str = "",
) -> Organisation:
    """Change an organisation's details, further names and coalitions. `seen` is the fingerprint of what the page
    showed. Raises OrganisationChanged, NameTaken."""
    list(organisation.merged.select_for_update())  # names before what they point to, as `organisation_matched` does
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if organisation.merged_into_id is not None or seen != organisation_fingerprint(organisation):
        raise OrganisationChanged
    changed = apply_changes(organisation, changes)
    organisation.save()
    added, removed = _names_save(organisation, list(other_names))
    chosen = list(coalitions)
    if new_coalition:
        made = Coalition.objects.get_or_create(campaign_id=organisation.campaign_id, name=new_coalition)[0]
        chosen.append(made)
    organisation.coalitions.set(chosen)
    audit_record(
        verb="organisation.save", subject=organisation, actor=actor, fields=sorted(changed), names_added=added,
        names_removed=removed, coalitions=sorted(coalition.pk for coalition in chosen),
    )  # fmt: skip
    return organisation


def _names_save(organisation: Organisation, names: list[str]) -> tuple[int, int]:
    """Make the names entered by hand these; those of merged organisations stay. Returns how many are new and gone."""
    wanted = {name_key(name): name for name in names}
    wanted.pop(organisation.name_key, None)
    present = {row.name_key: row for row in organisation.merged.all()}
    gone = [row.pk for key, row in present.items() if key not in wanted and not row.kind]
    Organisation.objects.filter(pk__in=gone).delete()
    new = {key: name for key, name in wanted.items() if key not in present}
    for key, name in new.items():
        try:
            with transaction.atomic():
                Organisation.objects.create(
                    campaign_id=organisation.campaign_id, country=organisation.country, name=name, name_key=key,
                    merged_into=organisation,
                )  # fmt: skip
        except IntegrityError:
            raise NameTaken(name) from None
    return len(new), len(gone)
