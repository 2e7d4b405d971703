"""What pages say after a button was pressed."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise

from .errors import DomainError


def try_and_tell(request: HttpRequest, act: Callable[[], object], done: str | Promise = "") -> None:
    """For buttons without a form: the message `done`, or why the service refused."""
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error))
    else:
        if done:
            messages.success(request, str(done))
