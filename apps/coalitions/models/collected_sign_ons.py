"""Signatures that came by mail, on paper, in a spreadsheet or through a partner's form: how they came, the evidence,
who entered and accepted them. The signature itself is an ordinary SignOn."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.models import ApiToken, Campaign
from apps.core.encrypted_fields import EncryptedBinaryField, EncryptedTextField
from apps.core.models import Dated
from apps.letters.models import LetterVersion

from .calls import SignOnCall
from .sign_ons import SignOn


class CollectionChannel(models.TextChoices):
    MAIL = "mail"
    PAPER = "paper"
    SPREADSHEET = "spreadsheet"


CAME_BY = Q(came_by__in=["mail", "paper", "spreadsheet"])


class EvidenceFile(models.Model):
    """A scanned sheet, a mail, a table. It may show several signatures; deleted with the data of any of them."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    name = EncryptedTextField()
    content = EncryptedBinaryField()
    uploaded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"evidence {self.pk}"


class Documented(models.Model):
    """How something came to the campaign, with what shows it."""

    came_by = models.CharField(max_length=12, choices=CollectionChannel)
    given_on = models.DateField(help_text="when the signer signed or wrote")
    evidence = models.ForeignKey(EvidenceFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    note = EncryptedTextField(default="", help_text="such as: message of 3 May from …")
    entered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class SignOnImport(Dated):
    """A table of signatures of one kind. The table is encrypted, and deleted when its rows are entered."""

    class State(models.TextChoices):
        CHECKING = "checking"
        ENTERED = "entered"
        DISCARDED = "discarded"
        #: taken back: what nobody had confirmed was deleted
        TAKEN_BACK = "taken_back"

    class Tool(models.TextChoices):
        """Petition tools whose files are recognised."""

        ACTION_NETWORK = "action_network", "Action Network"
        CIVICRM = "civicrm", "CiviCRM"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    call = models.ForeignKey(SignOnCall, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(
        LetterVersion,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="that was signed, if not the call's",
    )
    kind = models.CharField(max_length=12, choices=SignOn.Kind)
    state = models.CharField(max_length=10, choices=State, default=State.CHECKING)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    came_by = models.CharField(max_length=12, choices=CollectionChannel)
    given_on = models.DateField()
    note = EncryptedTextField(default="")
    evidence = models.ForeignKey(EvidenceFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    language = models.CharField(max_length=10)
    visibility = models.CharField(max_length=10, choices=SignOn.Visibility, help_text="where the row says nothing")
    authorised = models.BooleanField(help_text="each row of an organisation says that the person may sign for it")
    file_name = EncryptedTextField(default="")
    content = EncryptedBinaryField(null=True)
    mapping = models.JSONField(default=list, help_text="for each column the key of a field, or nothing")
    corrections = EncryptedTextField(default="", help_text="JSON: {number of a row: {key of a field: value}}")
    entered = models.PositiveIntegerField(default=0, help_text="signatures entered")
    tool = models.CharField(max_length=20, choices=Tool, default="", blank=True, help_text="that wrote the file")
    text_is_same = models.BooleanField(
        null=True, help_text="of a petition: whether exactly this version was signed, as the importer says"
    )
    file_sha256 = models.CharField(max_length=64, default="", help_text="of the file as it came")
    headings_sha256 = models.CharField(max_length=64, default="", help_text="by which its columns are known again")
    part = models.PositiveSmallIntegerField(default=1, help_text="of a long file")
    parts = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="checking") | Q(content__isnull=True), name="coalitions_ended_import_holds_no_file"
            )
        ]

    def __str__(self) -> str:
        return f"import {self.pk} ({self.state})"

    @property
    def signed_version(self) -> LetterVersion:
        return self.version or self.call.version

    @property
    def asks_text(self) -> bool:
        """Whether the importer has to say first what was signed."""
        return bool(self.tool) and self.text_is_same is None

    @property
    def signed_other_text(self) -> bool:
        """Then only the signer can sign this one: no evidence stands for it."""
        return bool(self.tool) and self.text_is_same is False


class CollectedSignOn(Documented):
    """How a signature came; of several, for several versions, the newest. Nobody accepts what they entered."""

    sign_on = models.ForeignKey(SignOn, on_delete=models.CASCADE, related_name="collected")
    batch = models.ForeignKey(SignOnImport, null=True, blank=True, on_delete=models.SET_NULL, related_name="rows")
    mail_due_at = models.DateTimeField(null=True, blank=True, help_text="a mail to confirm waits to be sent")
    mailed_at = models.DateTimeField(null=True, blank=True, help_text="when the last one was sent")
    accepted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True, help_text="accepted on evidence")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["mail_due_at"], condition=Q(mail_due_at__isnull=False), name="coalitions_mail_due")
        ]
        constraints = [
            models.CheckConstraint(condition=CAME_BY, name="coalitions_collected_came_by"),
            models.CheckConstraint(
                condition=Q(accepted_by__isnull=True) | Q(entered_by__isnull=True) | ~Q(accepted_by=F("entered_by")),
                name="coalitions_accepted_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.came_by} {self.sign_on_id}"


class PartnerSubmission(models.Model):
    """That a partner's form sent a signature through the API: with which token, as it was called then."""

    sign_on = models.OneToOneField(
        SignOn, primary_key=True, on_delete=models.CASCADE, related_name="partner_submission"
    )
    token = models.ForeignKey(ApiToken, null=True, on_delete=models.SET_NULL, related_name="+")
    partner = models.CharField(max_length=80, help_text="the name of the token")

    def __str__(self) -> str:
        return f"{self.partner} sent {self.sign_on_id}"


class WithdrawalRequest(Documented):
    """A signer asked the campaign to withdraw the signature."""

    sign_on = models.ForeignKey(SignOn, on_delete=models.CASCADE, related_name="withdrawal_requests")

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=CAME_BY, name="coalitions_request_came_by")]

    def __str__(self) -> str:
        return f"withdrawal of {self.sign_on_id}"
