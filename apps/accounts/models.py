"""Accounts and invitations."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from apps.core.models import Dated


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, name: str = "", **extra: object) -> User:
        """A user without a password, with the address in lower case: people sign in by mailed code."""
        user = self.model(email=email.strip().lower(), name=name, **extra)
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, name: str = "", **extra: object) -> User:
        extra.pop("password", None)
        return self.create_user(email, name, is_superuser=True, **extra)


class User(AbstractBaseUser, PermissionsMixin):
    """A person on a campaign's team. An operator of the installation is a superuser."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=60, default="UTC")
    reminders = models.BooleanField(default=True, help_text="mail when something waits for them, as they chose")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email_ci")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def initials(self) -> str:
        words = (self.name or self.email).split()
        return "".join(word[0] for word in words[:2]).upper()


class Invitation(Dated):
    """An invitation by email, with a token stored as a hash. `purpose` and `subject_id` name what it is to, in a higher
    app: ("team", TeamMember id)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    purpose = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "subject_id"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="accounts_invitation_one_open",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True), name="accounts_invitation_one_end"
            ),
        ]

    def __str__(self) -> str:
        return f"invitation of {self.user_id} for {self.purpose} {self.subject_id}"


class DemoMark(models.Model):
    """One row in a database that demo mode created: demo mode refuses every other."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="accounts_one_demo_mark")]

    def __str__(self) -> str:
        return f"demo since {self.made_at:%Y-%m-%d}"
