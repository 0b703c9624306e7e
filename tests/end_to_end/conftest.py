"""One run of the sample world, made once for all that look at it."""

from pathlib import Path

import pytest

from graphscan.pipeline import scan_dataset
from graphscan.settings import make_settings

SAMPLES = Path(__file__).parents[2] / "data" / "samples"


@pytest.fixture(scope="session")
def small_world():
    return SAMPLES / "small_world"


@pytest.fixture(scope="session")
def run(small_world, tmp_path_factory):
    """The run of ``small_world`` with default settings."""
    return scan_dataset(small_world, tmp_path_factory.mktemp("runs") / "run", make_settings())
