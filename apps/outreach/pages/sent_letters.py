"""What pages show of a letter that has left: as it was sent, or printed anew where names were removed since."""

from ..letter_rendering import dispatch_enclosure, render_letter_pdf
from ..models import Delivery
from ..selectors.dispatches import names_removed


def letter_pdf_now(delivery: Delivery, *, names: bool = True) -> bytes:
    """The PDF that was sent. It is printed anew where a name on it may no longer be shown, and without names for
    readers who may not see them. Raises MissingValue where its values were erased."""
    if names and delivery.pdf is not None and not names_removed(delivery.dispatch):
        return bytes(delivery.pdf.content)
    return render_letter_pdf(delivery, dispatch_enclosure(delivery.dispatch), names=names)
