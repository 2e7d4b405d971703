"""Rows for tests: the smallest true thing, with names from reserved domains. One module per subject."""

from .campaigns import add_team_member, give_second_factor, make_campaign, make_user, moment
from .governments import make_group, make_member
from .pages import html_of

__all__ = [
    "add_team_member",
    "give_second_factor",
    "html_of",
    "make_campaign",
    "make_group",
    "make_member",
    "make_user",
    "moment",
]
