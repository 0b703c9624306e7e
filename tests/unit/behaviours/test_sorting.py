"""Sorting digit by digit gives what numpy's sort gives, whatever the numbers."""

import numpy as np
import pytest

from graphscan.behaviours import sorting
from graphscan.behaviours.sorting import order_by


@pytest.fixture
def always_by_digits(monkeypatch):
    monkeypatch.setattr(sorting, "_LONG", 0)


COLUMNS = {
    "codes": lambda rng, n: rng.integers(0, 50, n).astype(np.int32),
    "instants": lambda rng, n: 1_773_100_800_000 + rng.integers(0, 10**9, n),
    "with minus one": lambda rng, n: rng.integers(-1, 3, n),
    "never and unknown": lambda rng, n: rng.choice([np.iinfo(np.int64).min, 0, np.iinfo(np.int64).max], n),
    "fractions": lambda rng, n: rng.random(n).round(1),
    "in order already": lambda rng, n: np.arange(n),
    "all the same": lambda rng, n: np.full(n, 7),
}


@pytest.mark.parametrize("first", COLUMNS)
@pytest.mark.parametrize("second", COLUMNS)
def test_rows_are_ordered_as_numpy_orders_them(always_by_digits, first, second):
    rng = np.random.default_rng(5)
    columns = COLUMNS[first](rng, 3000), COLUMNS[second](rng, 3000)
    np.testing.assert_array_equal(order_by(*columns), np.lexsort(columns[::-1]))
    np.testing.assert_array_equal(order_by(columns[0]), np.argsort(columns[0], kind="stable"))


def test_long_columns_are_ordered_digit_by_digit(monkeypatch):
    def never(*_):
        raise AssertionError("numpy was asked")

    column = np.random.default_rng(6).integers(0, 10**6, sorting._LONG)
    expected = np.argsort(column, kind="stable")
    monkeypatch.setattr(np, "lexsort", never)
    np.testing.assert_array_equal(order_by(column), expected)
