"""The cast and the open call of the tests of signing, on public pages."""

from apps.coalitions.tests.conftest import call, version

__all__ = ["call", "version"]
