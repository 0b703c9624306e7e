"""Steps: what each took, in order."""

from graphscan.progress import Silent
from graphscan.steps import Steps, peak_mb


def test_each_step_is_taken_down_in_order_with_its_seconds_and_memory():
    steps = Steps(Silent())
    with steps.step("reading"):
        held = bytearray(60_000_000)
        held[::4096] = b"x" * len(held[::4096])
    with steps.step("grouping", 5):
        del held
    assert [s["name"] for s in steps.taken] == ["reading", "grouping"]
    for step in steps.taken:
        assert step["seconds"] >= 0 and step["cpu_seconds"] >= 0
        assert step["peak_mb"] >= 60  # a peak stays


def test_the_peak_is_in_millions_of_bytes():
    assert 20 < peak_mb() < 100_000


def test_progress_hears_of_each_step():
    heard = []

    class Ear(Silent):
        def step(self, name, total=None):
            heard.append((name, total))

    with Steps(Ear()).step("meetings", 100):
        pass
    assert heard == [("meetings", 100)]
