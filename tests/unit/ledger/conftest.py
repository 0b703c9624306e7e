"""A clock that stands still until it is told, and a ledger in memory that no cap holds back."""

import pytest

from . import made


@pytest.fixture
def clock():
    return made.Clock()


@pytest.fixture
def ledger(clock):
    with made.opened(clock=clock) as opened:
        yield made.without_caps(opened)
