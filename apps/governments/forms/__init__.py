"""Forms about recipients, for staff and for the public."""

from .corrections import AcceptForm, CorrectionForm, DeclineForm
from .fields import KINDS
from .recipients import AddressForm, NewRecipientForm, RecipientForm

__all__ = ["KINDS", "AcceptForm", "AddressForm", "CorrectionForm", "DeclineForm", "NewRecipientForm", "RecipientForm"]
