"""Roles and their permissions. The access test is generated from this table."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    COORDINATOR = "coordinator", _("Coordinator")
    DRAFTER = "drafter", _("Drafter")
    REVIEWER = "reviewer", _("Reviewer")
    SENDER = "sender", _("Sender")
    DATA_OFFICER = "data_officer", _("Data officer")
    OBSERVER = "observer", _("Observer")


class Permission(models.TextChoices):
    READ = "read", _("Read staff pages")
    SEE_CONTACTS = "see_contacts", _("See contact data")
    DRAFT = "draft", pgettext_lazy("permission", "Draft")
    COMMENT = "comment", _("Comment on letters")
    REVIEW = "review", pgettext_lazy("permission", "Review and approve")
    MANAGE = "manage", _("Open letters for signature, manage the team")
    PREPARE = "prepare", _("Prepare sending")
    AUTHORISE = "authorise", _("Authorise sending")
    TRACK = "track", _("Record contacts and next steps")
    MODERATE = "moderate", pgettext_lazy("permission", "Moderate signatures")
    EXPORT = "export", pgettext_lazy("permission", "Export")
    PROCESSING = "processing", _("Keep the record of processing")


P = Permission
TABLE: dict[Role, frozenset[Permission]] = {
    Role.COORDINATOR: frozenset(set(Permission) - {P.EXPORT}),
    Role.DRAFTER: frozenset({P.READ, P.DRAFT, P.COMMENT, P.TRACK}),
    Role.REVIEWER: frozenset({P.READ, P.COMMENT, P.REVIEW}),
    Role.SENDER: frozenset({P.READ, P.SEE_CONTACTS, P.PREPARE, P.AUTHORISE, P.TRACK}),
    Role.DATA_OFFICER: frozenset({P.READ, P.SEE_CONTACTS, P.MODERATE, P.EXPORT, P.PROCESSING}),
    Role.OBSERVER: frozenset({P.READ}),
}

#: these need a second factor
SECOND_FACTOR = frozenset({P.PREPARE, P.AUTHORISE, P.EXPORT})


def roles_with(permission: Permission) -> list[Role]:
    return [role for role, permissions in TABLE.items() if permission in permissions]


def permissions_of(roles: Iterable[str]) -> frozenset[Permission]:
    """The union over several roles. Raises KeyError for a role that does not exist."""
    return frozenset().union(*(TABLE[Role(role)] for role in roles))
