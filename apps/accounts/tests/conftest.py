"""What tests of accounts share."""

import pytest

from apps.accounts.models import User
from tests.factories import make_user


@pytest.fixture
def person(db: None) -> User:
    return make_user("Naledi Motsepe", email="naledi@coalition.example")
