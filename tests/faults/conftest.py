"""The scripted mail server and the maker of messages, shared with the postbox's own tests."""

from apps.postbox.tests.conftest import make_message, server

__all__ = ["make_message", "server"]
