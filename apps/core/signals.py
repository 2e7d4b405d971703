"""Signals by which a lower app tells higher ones what happened."""

from django.dispatch import Signal

#: What became of a mail. The postbox sends it in the transaction that stores the event, with `message`, `kind`, `at`,
#: `code`, `detail`, `bounce_reason` and `mail` (the inbound mail that says so, or None). A receiver that raises is
#: called again later.
mail_event = Signal()

#: All names of the letter `letter_id` were hidden at once, in this transaction: nothing may leave with them any more.
names_hidden = Signal()

#: Personal data of signatures to the letter `letter_id` were erased, in this transaction.
signatures_erased = Signal()

#: The time of signatures to the versions `version_ids` of the letter `letter_id` is over: in this transaction, their
#: people lose their names.
retention_over = Signal()

#: Erase what you keep about the person whose address has one of these `hashes`. Receivers return the number of rows
#: that are still in use: send it again later to erase them.
personal_data_erase = Signal()
