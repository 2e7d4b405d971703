"""Scopes of API tokens: what a program may do with one, at most.

A scope narrows what the owner of the token may do and never widens it: the owner's roles must also include the
permission that the same page asks for (docs/decisions/0060).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .roles import SECOND_FACTOR, Permission


class Scope(models.TextChoices):
    READ = "read", _("Read evidence, governments, positions, letters and counts, without contact data")
    POINTS_WRITE = "points:write", _("Add and change points, facts and sources")
    LETTERS_WRITE = "letters:write", _("Write, approve and freeze letters")
    CALLS_WRITE = "calls:write", _("Open letters for signature, and close them")
    SIGN_ONS_READ = "sign_ons:read", _("Read all signatures, with contact data where your role sees it")
    SIGN_ONS_WRITE = "sign_ons:write", _("Send in what people entered in a form of your own, to sign a letter")
    RECIPIENTS_READ = "recipients:read", _("Read recipients, with their contact data")
    RECIPIENTS_WRITE = "recipients:write", _("Add and change recipients")
    POSITIONS_WRITE = "positions:write", _("Record positions of governments")
    DISPATCHES_WRITE = "dispatches:write", _("Prepare mailings. People authorise them on a page")
    DELIVERIES_READ = "deliveries:read", _("Read what was sent to whom, and the answers")
    TRACKING_WRITE = "tracking:write", _("Record contacts and next steps, and sort answers")
    EXPORTS = "exports", _("Export lists")


P, S = Permission, Scope
#: what endpoints of the scope ask of the owner's roles: the first, unless an endpoint asks for another one of them
PERMISSIONS: dict[Scope, tuple[Permission, ...]] = {
    S.READ: (P.READ,),
    S.POINTS_WRITE: (P.DRAFT,),
    S.LETTERS_WRITE: (P.DRAFT, P.REVIEW),
    S.CALLS_WRITE: (P.MANAGE,),
    S.SIGN_ONS_READ: (P.READ,),
    S.SIGN_ONS_WRITE: (P.MODERATE,),
    S.RECIPIENTS_READ: (P.SEE_CONTACTS,),
    S.RECIPIENTS_WRITE: (P.SEE_CONTACTS,),
    S.POSITIONS_WRITE: (P.DRAFT,),
    S.DISPATCHES_WRITE: (P.PREPARE,),
    S.DELIVERIES_READ: (P.READ, P.SEE_CONTACTS),
    S.TRACKING_WRITE: (P.TRACK,),
    S.EXPORTS: (P.EXPORT,),
}


def scopes_of(permissions: frozenset[Permission]) -> list[Scope]:
    """The scopes with which somebody who has these permissions can do something."""
    return [scope for scope in Scope if permissions.intersection(PERMISSIONS[scope])]


def needs_second_factor(scope: Scope) -> bool:
    return PERMISSIONS[scope][0] in SECOND_FACTOR
