"""Forms about recipients, for staff and for the public."""

from .fields import KINDS
from .recipient_corrections import AcceptForm, CorrectionForm, DeclineForm
from .recipients import AddressForm, NewRecipientForm, RecipientForm

__all__ = ["KINDS", "AcceptForm", "AddressForm", "CorrectionForm", "DeclineForm", "NewRecipientForm", "RecipientForm"]
