"""Pages of the team by what they are called, and the team itself, among what a search found."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Permission
from apps.campaigns.selectors import team_rows
from apps.core.search_query import Rank, best_first
from apps.core.types import Label

from .hits import Hit, Search, State

MEMBERSHIPS: dict[str, State] = {
    TeamMember.State.ACTIVE: ("ok", "ok", _("On the team")),
    TeamMember.State.INVITED: ("idle", "clock", pgettext_lazy("person", "Invited")),
    TeamMember.State.ENDED: ("idle", "ring", pgettext_lazy("a team", "Left")),
}


@dataclass(frozen=True)
class NamedPage:
    """`also`: other words that find it. Pages of the person have no campaign in their address."""

    label: Label
    name: str
    permission: Permission = Permission.READ
    also: Label = ""
    personal: bool = False


PAGES = [
    NamedPage(_("Overview"), "dashboard:overview", also=pgettext_lazy("words to find a page by", "home start tasks")),
    NamedPage(_("Letters"), "letters:index"),
    NamedPage(_("Start a letter"), "letters:create", Permission.DRAFT,
              pgettext_lazy("words to find a page by", "write new draft template")),
    NamedPage(_("Evidence"), "evidence:index", also=pgettext_lazy("words to find a page by", "points facts arguments")),
    NamedPage(_("Sources"), "evidence:sources"),
    NamedPage(_("Add a point"), "evidence:point_new", Permission.DRAFT),
    NamedPage(_("Add a fact"), "evidence:fact_new", Permission.DRAFT),
    NamedPage(_("Governments"), "dashboard:governments",
              also=pgettext_lazy("words to find a page by", "countries members recipients")),
    NamedPage(_("World map"), "dashboard:governments_map"),
    NamedPage(_("Record a position for many"), "dashboard:governments_positions", Permission.DRAFT),
    NamedPage(_("Recipients to check"), "dashboard:recipient_problems", Permission.SEE_CONTACTS),
    NamedPage(_("Import recipients"), "imports:index", Permission.SEE_CONTACTS),
    NamedPage(_("Signatures"), "sign_on:index",
              also=pgettext_lazy("words to find a page by", "signatures signatories people")),
    NamedPage(_("Open a letter for signature"), "sign_on:open", Permission.MANAGE),
    NamedPage(_("Moderation"), "sign_on:moderate", Permission.MODERATE),
    NamedPage(_("Collected signatures"), "sign_on:collected", Permission.MODERATE,
              pgettext_lazy("words to find a page by", "paper import")),
    NamedPage(_("Organisations"), "sign_on:organisations", also=_("Coalitions")),
    NamedPage(pgettext_lazy("section", "Sending"), "outreach:index", also=_("Mailings")),
    NamedPage(_("Prepare a mailing"), "outreach:prepare", Permission.PREPARE,
              pgettext_lazy("words to find a page by", "send")),
    NamedPage(_("Incoming email"), "outreach:inbox", also=pgettext_lazy("words to find a page by", "inbox answers")),
    NamedPage(_("Email that matches no letter"), "outreach:unmatched", Permission.SEE_CONTACTS),
    NamedPage(_("Who has answered"), "outreach:contacts"),
    NamedPage(_("Next steps"), "outreach:follow_ups"),
    NamedPage(_("Exports"), "exports:index", Permission.EXPORT,
              pgettext_lazy("words to find a page by", "download csv xlsx pdf")),
    NamedPage(_("Team"), "team:index", also=pgettext_lazy("words to find a page by", "settings people users roles")),
    NamedPage(_("Invite somebody"), "team:invite", Permission.MANAGE),
    NamedPage(_("Your tokens"), "team:tokens", also=pgettext_lazy("words to find a page by", "api settings")),
    NamedPage(_("Activity log"), "dashboard:audit", also=pgettext_lazy("words to find a page by", "audit history log")),
    NamedPage(_("Your account"), "accounts:profile", personal=True,
              also=pgettext_lazy("words to find a page by", "settings profile language")),
    NamedPage(_("Emails to you"), "accounts:notices", personal=True,
              also=pgettext_lazy("words to find a page by", "settings notices notifications")),
    NamedPage(_("Second factor"), "accounts:second_factor", personal=True),
]  # fmt: skip


def page_hits(search: Search) -> list[Hit]:
    """Those that the person may open, also by their English names."""
    with override("en"):
        english = {page.name: (str(page.label), str(page.also)) for page in PAGES}
    found = []
    for page in PAGES:
        if search.membership.may(page.permission):
            label, (named, also) = str(page.label), english[page.name]
            rank = search.query.rank(label, named, similar=True)
            if rank is None and search.query.rank(f"{label} {page.also} {named} {also}") is not None:
                rank = Rank.WORDS
            url = reverse(page.name) if page.personal else search.url(page.name)
            found.append((rank, (label, url)))
    return [Hit(rank, label, url) for rank, (label, url) in best_first(found)][: search.most]


def team_hits(search: Search) -> list[Hit]:
    """As the page of the team shows them: addresses only to those who manage it."""
    manages = search.membership.may(Permission.MANAGE)
    found = []
    for row in team_rows(search.campaign):
        membership = row.membership
        roles = tuple(map(str, membership.role_labels))
        address = (membership.user.email,) if manages else ()
        found.append((search.query.rank(str(membership.user), *roles, *address, similar=True), (membership, roles)))
    hits = []
    for rank, (membership, roles) in best_first(found)[: search.most]:
        url = search.url("team:edit", membership.pk) if manages else search.url("team:index")
        hits.append(Hit(rank, str(membership.user), url, roles, MEMBERSHIPS[membership.state]))
    return hits
