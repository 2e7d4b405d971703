"""How long each kind of data is kept, and what the jobs that delete them did last and do next."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.core.models import RetentionRun
from apps.core.registries import RetentionDue, RetentionRule, retention_rules
from apps.core.times import reader_time, written_day
from apps.core.types import Label

FIRST = {"signatures", "unconfirmed"}


@dataclass(frozen=True)
class Period:
    """Of one kind of data, in words; `rule` is its name. `shared`: the data of all campaigns together."""

    rule: str
    what: Label
    shared: bool
    kept: str
    last_run: str
    deleted: str
    due: str


def periods(campaign: Campaign) -> list[Period]:
    jobs = {run.rule: run for run in RetentionRun.objects.filter(campaign_id=None)}
    here = {run.rule: run for run in RetentionRun.objects.filter(campaign_id=campaign.pk)}
    return [
        Period(
            name, rule.what, rule.shared, rule.kept(campaign), _last_run(jobs.get(name), campaign),
            _deleted((jobs if rule.shared else here).get(name)), _due(rule.due(campaign)),
        )
        for name, rule in sorted(retention_rules.items(), key=_place)
    ]  # fmt: skip


def _place(rule: tuple[str, RetentionRule]) -> tuple[bool, bool]:
    """What campaigns share last, what most people ask about first."""
    return rule[1].shared, rule[0] not in FIRST


def _last_run(run: RetentionRun | None, campaign: Campaign) -> str:
    return reader_time(run.ran_at, campaign) if run and run.ran_at else _("The job has not run yet")


def _deleted(run: RetentionRun | None) -> str:
    if run is None or run.deleted_at is None:
        return _("Nothing yet")
    values = {"n": run.deleted, "day": written_day(run.deleted_at), "total": run.total}
    return _("%(n)s on %(day)s, %(total)s in all") % values


def _due(due: RetentionDue) -> str:
    if due.on is None:
        return _("Nothing waits")
    return _("%(n)s, the first on %(day)s") % {"n": due.number, "day": written_day(due.on)}


def kept_on() -> list[str]:
    """What no job deletes."""
    return [
        _("Names of organisations that signed stay with the letter."),
        _("Recipients at governments, letters to them and their answers have no fixed end."),
        _("Accounts of the team and comments of guests stay with what they did."),
        _("Codes of addresses that want no email stay, so that they are recognised."),
        _("Numbers and codes in lists of signatories and in logs stay. Without names they identify nobody."),
    ]
