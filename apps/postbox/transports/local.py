"""Handing a mail to our own listener, on this machine and nowhere else."""

from django.conf import settings

from .parcels import Outcome, Parcel
from .smtp import Line


def submit(parcel: Parcel) -> Outcome:
    """Send over SMTP to the listener's own address, behind the fence of sink mode."""
    box = settings.POSTBOX
    home = {"MODE": "sink", "HOST": box["LISTEN_HOST"], "PORT": box["LISTEN_PORT"], "SECURITY": "none", "USERNAME": ""}
    with Line({**box, **home}) as line:
        return line.hand_over(parcel, lambda: True)
