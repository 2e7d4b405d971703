"""Forms for signers and for staff."""

from .sign_on import FORMS, CorrectionForm, OrganisationForm, PersonForm, SignForm
from .staff import CallForm, FilterForm, RejectForm

__all__ = [
    "FORMS",
    "CallForm",
    "CorrectionForm",
    "FilterForm",
    "OrganisationForm",
    "PersonForm",
    "RejectForm",
    "SignForm",
]
