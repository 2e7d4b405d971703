"""What operators are told of the postbox, and those whose letters it holds up."""

from datetime import timedelta

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from apps.core.health import problems
from apps.core.models import AuditEvent
from apps.core.registries import OPERATORS, ActionItem, ActionSource, Timing

from ..inbound.classified import MailKind
from ..models import Switch
from ..selectors.domains import domains_held
from ..selectors.messages import answers_received

#: for how long it is news that sending was resumed
NEWS = timedelta(days=2)
#: for how long it is news that mail came which matches no letter, and the kinds of it that a person should read
UNMATCHED_NEWS = timedelta(days=7)
ASKING = [MailKind.REPLY, MailKind.UNREADABLE, MailKind.UNKNOWN]


def stopped_switches(_who: Model) -> QuerySet[Switch]:
    return Switch.objects.filter(killed=True)


def sending_switch_item(person: Model, url: str = "") -> ActionItem | None:
    """That all sending is stopped or was resumed. Who did it needs no mail. Mail about a stop waits like all other: it
    leaves after the resumption, then as the news of that."""
    switch = stopped_switches(person).first()
    if switch is not None:
        key = () if switch.killed_by_id == person.pk else (f"stopped:{switch.killed_at}",)
        return ActionItem(
            "bad", "bad", pgettext("sending", "Stopped"), _("All sending is stopped"), switch.reason, switch.killed_at,
            url, _("Open the kill switch"), count=1, keys=key,
        )  # fmt: skip
    resumed = AuditEvent.objects.filter(verb="switch.release", at__gt=timezone.now() - NEWS).first()
    if resumed is None or resumed.actor_id == str(person.pk):
        return None
    return ActionItem(
        "ok", "ok", pgettext("sending", "Resumed"), _("All sending was stopped for a time, and has resumed"), "",
        resumed.at, url, _("Open the kill switch"), keys=(f"resumed:{resumed.pk}",), past=True,
    )  # fmt: skip


def parts_not_working(_person: Model) -> ActionItem | None:
    """The problems of /healthz."""
    reasons = problems()
    if not reasons:
        return None
    headline = ngettext(
        "%(n)d part of the installation does not work", "%(n)d parts of the installation do not work", len(reasons)
    )
    return ActionItem(
        "bad", "bad", _("Not working"), headline % {"n": len(reasons)}, " ".join(reasons), None,
        reverse("postbox:switch"), _("Check the postbox"), keys=("all",),
    )  # fmt: skip


def domains_held_back(_person: Model) -> ActionItem | None:
    found = list(domains_held().values_list("pk", "opened_at"))
    if not found:
        return None
    headline = ngettext(
        "Email to %(n)d domain is held back after failures", "Email to %(n)d domains is held back after failures",
        len(found),
    )  # fmt: skip
    return ActionItem(
        "bad", "clock", pgettext("mail", "Held back"), headline % {"n": len(found)}, "", found[0][1],
        reverse("postbox:blocked"), _("See which"), count=len(found),
        keys=tuple(f"{pk[:12]}:{at.isoformat()}" for pk, at in found if at),
    )  # fmt: skip


def mails_unmatched(_person: Model) -> ActionItem | None:
    """Mail of the last days of which nobody knows what it answers, also what was too large to fetch."""
    rows = answers_received(matched=False).filter(kind__in=ASKING, received_at__gt=timezone.now() - UNMATCHED_NEWS)
    found = list(rows.values_list("pk", "received_at"))
    if not found:
        return None
    headline = ngettext(
        "%(n)d email that came in matches no letter", "%(n)d emails that came in match no letter", len(found)
    )
    return ActionItem(
        "idle", "reply", pgettext("mail", "Unmatched"), headline % {"n": len(found)}, "", found[-1][1],
        reverse("postbox:received", args=[found[0][0]]), _("Read the latest"), past=True,
        keys=tuple(str(pk) for pk, _at in found),
    )  # fmt: skip


def switch_for_operators(person: Model) -> ActionItem | None:
    return sending_switch_item(person, reverse("postbox:switch"))


SOURCES = {
    "installation": ActionSource(
        gettext_lazy("A part of the installation does not work"), OPERATORS, parts_not_working, timing=Timing.NEVER
    ),
    "domains": ActionSource(
        gettext_lazy("Email to a domain is held back after failures"), OPERATORS, domains_held_back
    ),
    "unmatched_mail": ActionSource(
        gettext_lazy("An email that came in matches no letter"), OPERATORS, mails_unmatched, gap=timedelta(hours=1)
    ),
    "switch": ActionSource(
        gettext_lazy("All sending was stopped or resumed"),
        OPERATORS,
        switch_for_operators,
        section="outreach",
        rows=stopped_switches,
        timing=Timing.NOW,
    ),
}
