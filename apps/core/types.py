"""Types that every app shares. Importable before Django's apps are loaded."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

#: a JSON object as parsed: a letter's document, a stored report, the body of an API answer
type JsonObject = dict[str, Any]
#: who does something: a person with an account, somebody without one who signs or proposes, or None for the system
type Actor = AbstractBaseUser | Literal["signer", "proposer", "guest"] | None
#: text for people, translated now or when it is shown
type Label = str | Promise
#: what binds a form: request.POST, or None
type FormData = Mapping[str, Any] | None
