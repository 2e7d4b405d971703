"""What people do about a government besides letters: mails sorted and answered, contacts by other ways, next steps."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.encrypted_fields import EncryptedBinaryField, EncryptedTextField
from apps.core.models import Dated
from apps.governments.models import Member, Position
from apps.postbox.models import InboundMail, Message

from .mailings import Delivery, Reply


class MailTriage(Dated):
    """Who looks after an incoming mail, and what it is for the campaign. `kind` of the mail says what it is to the
    postbox. `closed_at`: nobody has to answer it any more."""

    class Label(models.TextChoices):
        ANSWER = "answer", _("Answer")
        ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledgement")
        REFERRAL = "referral", _("Referral to another office")
        CAPTCHA = "captcha", _("Asks to prove that we are people")
        OUT_OF_OFFICE = "out_of_office", _("Out of office")

    mail = models.OneToOneField(InboundMail, on_delete=models.CASCADE, related_name="triage")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    assignee = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    label = models.CharField(max_length=20, choices=Label, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"triage of mail {self.mail_id}"


class SentAnswer(Dated):
    """An answer of ours to an incoming mail: a message of the postbox, sent once. What comes back to it belongs to the
    same letter."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="sent_answers")
    mail = models.ForeignKey(InboundMail, on_delete=models.PROTECT, related_name="sent_answers")
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="sent_answers")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="sent_answer")
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"answer to mail {self.mail_id}"


class Touch(Dated):
    """A contact with a government by another way than our mailings. Who took part, what was said and the evidence are
    encrypted, and deleted after the campaign's retention or by a person; that it took place stays."""

    class Channel(models.TextChoices):
        MEETING = "meeting", pgettext_lazy("way of contact", "Meeting")
        CALL = "call", _("Telephone call")
        PAPER = "paper", _("Paper delivered")
        PORTAL = "portal", _("Form on their website")
        FAX = "fax", _("Fax")
        SOCIAL = "social", _("Social media")
        OTHER = "other", pgettext_lazy("way of contact", "Other")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="touches")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="touches")
    channel = models.CharField(max_length=10, choices=Channel)
    on = models.DateField()
    at = models.TimeField(null=True, blank=True, help_text="on the clock where it took place")
    answered = models.BooleanField(default=False, help_text="the government said what it thinks: counts as an answer")
    place_and_people = EncryptedTextField(default="")
    summary = EncryptedTextField(default="")
    link = EncryptedTextField(default="")
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="recorded in error: its text is deleted")
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["campaign", "member"], name="outreach_touch_of")]

    def __str__(self) -> str:
        return f"{self.channel} of {self.on}"


class TouchFile(models.Model):
    """What shows that a contact took place: a photo, a stamped copy. Encrypted, and deleted with the touch's text."""

    touch = models.OneToOneField(Touch, on_delete=models.CASCADE, related_name="file")
    name = EncryptedTextField()
    size = models.PositiveIntegerField()
    content = EncryptedBinaryField()

    def __str__(self) -> str:
        return f"file of {self.touch_id}"


class FollowUp(Dated):
    """What somebody will do about a government, and by when."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="follow_ups")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="follow_ups")
    mail = models.ForeignKey(InboundMail, null=True, blank=True, on_delete=models.SET_NULL, related_name="follow_ups")
    what = EncryptedTextField()
    due_on = models.DateField()
    postponed = models.PositiveSmallIntegerField(default=0)
    assignee = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(
                fields=["campaign", "due_on"], condition=Q(done_at__isnull=True), name="outreach_follow_up_open"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(done_at__gte=F("created_at")), name="outreach_follow_up_done"
            )
        ]

    def __str__(self) -> str:
        return f"follow-up of {self.due_on}"


class ReplyPosition(models.Model):
    """A position that was recorded from an answer."""

    position = models.OneToOneField(Position, on_delete=models.CASCADE, related_name="from_reply")
    reply = models.ForeignKey(Reply, on_delete=models.CASCADE, related_name="positions")

    def __str__(self) -> str:
        return f"position {self.position_id} of reply {self.reply_id}"
