"""Insecure or missing settings are errors with an id and a hint, before the first request is served.

Those that only a site for the public needs run with `manage.py check --deploy`; docs/operating.md starts with it.
"""

from .databases import stores_are_named
from .keys import keys_are_given
from .layers import foreign_keys_point_down, upward_keys
from .mail import mail_names_are_ours, postbox_is_clear
from .web import (
    demo_stays_home,
    hosts_are_given,
    https_is_forced,
    local_settings_stay_home,
    site_url_is_given,
    static_files_are_collected,
    visitors_are_told_apart,
)

__all__ = [
    "demo_stays_home",
    "foreign_keys_point_down",
    "hosts_are_given",
    "https_is_forced",
    "keys_are_given",
    "local_settings_stay_home",
    "mail_names_are_ours",
    "postbox_is_clear",
    "site_url_is_given",
    "static_files_are_collected",
    "stores_are_named",
    "upward_keys",
    "visitors_are_told_apart",
]
