"""Forms of links for guests, and of their comments."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.core.form_fields import DayField, LineField, TextField
from apps.core.types import FormData, JsonObject

from .document.schema import BLOCK_ID
from .models import Comment, GuestLink, LetterText
from .selectors.comments import guest_threads
from .services.comments import MAX_BODY

#: how long a link lasts unless somebody says otherwise
USUALLY = timedelta(days=14)


class GuestLinkForm(forms.Form):
    """The link works until the end of the day, in the campaign's zone."""

    name = LineField(
        label=_("Whom it is for"), help_text=_("A person or an organisation. Their comments carry this name.")
    )
    until = DayField(label=_("Until the end of"), help_text=_("At most three months from now."))

    def __init__(self, data: FormData = None, *, campaign: Campaign) -> None:
        self.zone = ZoneInfo(campaign.time_zone)
        super().__init__(data, initial={"until": (timezone.now() + USUALLY).astimezone(self.zone).date()})

    def values(self) -> JsonObject:
        end = datetime.combine(self.cleaned_data["until"] + timedelta(days=1), time(), tzinfo=self.zone)
        return {"name": self.cleaned_data["name"], "expires_at": end}


class GuestCommentForm(forms.Form):
    """`block` and `quote` of a passage, or `thread` for a reply. `form_key`: of the page that was sent."""

    body = TextField(label=_("Your comment"), max_length=MAX_BODY)
    block = forms.RegexField(BLOCK_ID, required=False, widget=forms.HiddenInput)
    quote = LineField(required=False, max_length=1_000)
    thread = forms.ModelChoiceField(Comment.objects.none(), required=False, widget=forms.HiddenInput)
    form_key = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput({"id": False}))

    def __init__(self, data: FormData = None, *, text: LetterText, link: GuestLink) -> None:
        super().__init__(data)
        choices: Any = self.fields["thread"]
        choices.queryset = guest_threads(text, link)
        #: what was typed as a reply in a thread that is gone stands in the form for another comment
        asked = self.data.get("thread", "")
        self.replied_to = asked if asked in {str(pk) for pk in choices.queryset.values_list("pk", flat=True)} else ""
        choices.error_messages["invalid_choice"] = _("This conversation was closed meanwhile. Begin a new one.")
