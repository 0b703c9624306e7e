"""Progress goes to standard error, and nowhere when asked to be quiet."""

import io
import re
import sys

from graphscan import progress
from graphscan.progress import Bars, Lines, Silent, on_stderr


def walk(progress):
    progress.step("reading")
    progress.step("meetings: [b]note_comment[/b]", 100)
    progress.advance(40)
    progress.advance(60)
    progress.say("3 rows set aside")


def test_lines_tell_each_step_once_with_its_seconds(capsys):
    with on_stderr() as progress:
        assert isinstance(progress, Lines)
        walk(progress)
    told = capsys.readouterr()
    assert told.out == ""
    lines = told.err.splitlines()
    assert [re.sub(r"^\[ *\d+\.\d s\] ", "", line) for line in lines] == [
        "reading …",
        "meetings: [b]note_comment[/b] (100) …",
        "3 rows set aside",
    ]


def test_quiet_is_silent(capsys):
    with on_stderr(quiet=True) as progress:
        assert isinstance(progress, Silent)
        walk(progress)
    assert capsys.readouterr() == ("", "")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_gets_bars_that_end_full(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with on_stderr() as progress:
        assert isinstance(progress, Bars)
        walk(progress)
    shown = terminal.getvalue()
    assert "100/100" in shown and "3 rows set aside" in shown


def test_bars_end_also_when_the_work_fails(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    try:
        with on_stderr() as progress:
            progress.step("reading", 3)
            raise ValueError("x")
    except ValueError:
        assert not progress._bars.live.is_started


def test_a_long_step_says_how_long_it_still_takes(monkeypatch, capsys):
    now = [1000.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    lines = progress.Lines()
    lines.step("meetings", 100)
    for seconds, units in ((30, 10), (40, 10), (10, 5), (100, 25), (1, 49), (100, 1)):
        now[0] += seconds
        lines.advance(units)
    told = [line.split("] ")[1] for line in capsys.readouterr().err.splitlines()]
    assert told == ["meetings (100) …", "meetings: 20 %, about 5 min left", "meetings: 50 %, about 3 min left"]


def test_a_step_of_unknown_length_says_nothing_of_its_end(monkeypatch, capsys):
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    lines = progress.Lines()
    lines.step("grouping")
    now[0] += 1000
    lines.advance()
    assert len(capsys.readouterr().err.splitlines()) == 1
