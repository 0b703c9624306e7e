"""Operations at a real local HTTP server that loses, delays, refuses, repeats and reorders; and in a file."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphscan.errors import GraphscanError, InputError, LedgerError, SettingsError
from graphscan.ledger.adapters import FileAdapter, HttpAdapter, open_adapter
from graphscan.ledger.delivery import MAX_TRIES

from . import made

TIMEOUT_S = 0.25


class Service(ThreadingHTTPServer):
    """A platform behind HTTP; each call takes the next fault of the list, and none is ok."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.platform, self.faults, self.calls, self.late = made.Platform(), [], [], []
        self.lock = threading.Lock()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}/decisions?v=1"

    def handle_error(self, request, client_address):
        """A client that gave up is part of the test."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            fault = self.server.faults.pop(0) if self.server.faults else "ok"
            self.server.calls.append((fault, told, dict(self.headers), self.path))
            operation = SimpleNamespace(**told)
            if fault == "late":
                self.server.late.append(operation)
            elif fault in ("ok", "hang after", "500 after", "drop after"):
                self.server.platform.carry_out(operation)
        if fault.startswith("hang") or fault == "late":
            time.sleep(2 * TIMEOUT_S)
        if fault.startswith("drop"):
            self.close_connection = True
            return
        status = int(fault.split()[0]) if fault[0].isdigit() else 200
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def service():
    with Service() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def adapter_of(service, token=None):
    return HttpAdapter(urlsplit(service.address), token, TIMEOUT_S)


@pytest.fixture(scope="module")
def a_run(tmp_path_factory):
    rows = [made.decision(f"a{n}", "ban" if n == 0 else "limit") for n in range(4)]
    return made.run(tmp_path_factory.mktemp("runs") / "run", rows)


def approved(a_run, clock=None):
    """A ledger in which all four decisions are approved and the ban has cooled off."""
    clock = clock or made.Clock()
    ledger = made.without_caps(made.opened(clock=clock))
    ledger.propose(a_run, mode="live", proposer="cron")
    for decision in ledger.decisions(state="IN_REVIEW"):
        ledger.approve(decision.decision_id, "ann")
        if decision.measure == "ban":
            ledger.approve(decision.decision_id, "bob")
    clock.forward(hours=25)
    return ledger


def agree(ledger, service):
    assert set(service.platform.active) == {d.decision_id for d in ledger.decisions(state="APPLIED")}
    assert len(set(service.platform.effects)) == len(service.platform.effects)
    assert ledger.verify().ok


def patient(**more):
    return {"sleep": lambda _: None, "passes": 12, **more}


@pytest.mark.parametrize(
    "fault", ["hang before", "hang after", "429", "500", "500 after", "503", "drop before", "drop after", "late"]
)
def test_an_unknown_outcome_is_tried_again_and_takes_effect_once(a_run, service, fault):
    ledger = approved(a_run)
    service.faults = [fault, "ok", fault]
    told = ledger.apply(ledger.plan("kim"), adapter_of(service), **patient())
    assert told["pending"] == 0
    assert told["unknown"] == 2
    assert len(ledger.decisions(state="APPLIED")) == 4
    for operation in service.late:  # a call that was given up long ago arrives after all
        service.platform.carry_out(operation)
    agree(ledger, service)


FAULTS = st.lists(
    st.sampled_from(("ok", "drop before", "drop after", "429", "500", "500 after", "422", "409")), max_size=40
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(faults=FAULTS)
def test_whatever_the_platform_does_it_ends_as_the_ledger_says(a_run, service, faults):
    service.platform, service.faults = made.Platform(), list(faults)
    ledger = approved(a_run)
    ledger.apply(ledger.plan("kim"), adapter_of(service), **patient(passes=3))
    held = ledger.decisions(state="APPLIED")[:1]
    for decision in held:
        ledger.withdraw(decision.decision_id, "ann", "wrong")
    ledger.drain(adapter_of(service), **patient(passes=25))
    assert ledger.drain(adapter_of(service), **patient())["pending"] == 0
    agree(ledger, service)


def test_no_ban_haunts_after_a_lost_answer_and_a_hold(a_run, service):
    """The apply took effect and its answer was lost; then the account's cluster is frozen: the ban must go."""
    ledger = approved(a_run)
    service.faults = ["hang after"] * 5
    assert ledger.apply(ledger.plan("kim"), adapter_of(service), sleep=lambda _: None, passes=1)["unknown"] == 4
    assert len(service.platform.active) == 4
    assert len(ledger.freeze("cluster:c1", "ann", "look")) == 4
    ledger.drain(adapter_of(service), **patient())
    assert service.platform.active == {}
    agree(ledger, service)


def test_a_late_apply_cannot_outlive_its_reversal(a_run, service):
    ledger = approved(a_run)
    service.faults = ["late"] * 4
    ledger.apply(ledger.plan("kim"), adapter_of(service), sleep=lambda _: None, passes=1)
    ledger.freeze("all", "ann", "look")
    ledger.drain(adapter_of(service), **patient())
    for operation in reversed(service.late):
        service.platform.carry_out(operation)
    assert service.platform.active == {}
    assert {d.state for d in ledger.decisions()} == {"IN_REVIEW"}


def test_after_eight_tries_a_measure_is_given_up_and_undone(a_run, service):
    ledger = approved(a_run)
    chosen = ledger.decisions()[0].decision_id
    service.faults = ["500 after"] * 200
    plan = ledger.plan("kim")
    for _ in range(MAX_TRIES):
        ledger.apply(plan, adapter_of(service), sleep=lambda _: None, passes=4)
    assert ledger.decision(chosen).state == "APPLY_FAILED"
    tries = [c for c in service.calls if c[1]["decision_id"] == chosen and c[1]["op"] == "apply"]
    assert len(tries) == MAX_TRIES
    assert len({c[1]["key"] for c in tries}) == 1
    service.faults = []
    ledger.drain(adapter_of(service), **patient())
    assert service.platform.active == {}
    assert ledger.requeue(chosen, "ann").state == "QUEUED"
    ledger.drain(adapter_of(service), **patient())
    assert set(service.platform.active) == {chosen}
    agree(ledger, service)


def test_what_the_platform_refuses_is_not_tried_again(a_run, service):
    ledger = approved(a_run)
    service.faults = ["422"]
    ledger.apply(ledger.plan("kim"), adapter_of(service), **patient())
    assert sorted(d.state for d in ledger.decisions()) == ["APPLIED", "APPLIED", "APPLIED", "APPLY_FAILED"]
    assert sum(c[0] == "422" for c in service.calls) == 1
    agree(ledger, service)


def test_a_redirect_is_not_followed(a_run, service):
    ledger = approved(a_run)
    service.faults = ["302"]
    ledger.apply(ledger.plan("kim"), adapter_of(service), **patient())
    assert "/elsewhere" not in {call[3] for call in service.calls}


def test_a_silent_platform_is_left_alone_after_a_few_calls(a_run, service):
    ledger = approved(a_run)
    service.faults = ["429"] * 100
    waits = []
    told = ledger.apply(ledger.plan("kim"), adapter_of(service), sleep=waits.append, passes=3)
    assert told["pending"] == 4
    assert waits == [0.5, 1.0]


def test_key_and_token_travel_in_headers_and_nowhere_else(a_run, service, tmp_path):
    ledger = approved(a_run)
    ledger.apply(ledger.plan("kim"), adapter_of(service, "canary-secret"), **patient())
    for _, told, headers, path in service.calls:
        assert headers["Idempotency-Key"] == told["key"]
        assert headers["Authorization"] == "Bearer canary-secret"
        assert path == "/decisions?v=1"
        assert "canary-secret" not in json.dumps(told)
    assert "canary-secret" not in repr(adapter_of(service, "canary-secret"))
    assert not [p for e in ledger.entries() if "canary" in json.dumps(p := ledger.payload(e.seq))]


@pytest.mark.parametrize(
    ("to", "message"),
    [
        ("ftp://x/y", r"platform 'ftp://x/y'; allowed is file:PATH"),
        ("https://ann:pw@x/y", r"holds a user or a password"),
        ("http://example.org/y", r"would travel in clear text to example\.org; allowed is https"),
    ],
)
def test_an_address_that_is_none_has_one_message(to, message):
    with pytest.raises(SettingsError, match=message):
        open_adapter(to, {"GRAPHSCAN_PLATFORM_TOKEN": "t"})


def test_the_kill_switch_stops_everything(a_run, tmp_path):
    ledger, platform = approved(a_run), made.Platform()
    ledger.kill_switch = tmp_path / "stop"
    ledger.kill_switch.touch()
    with pytest.raises(LedgerError, match="kill switch"):
        ledger.apply(ledger.plan("kim"), platform)
    assert platform.effects == []
    ledger.kill_switch.unlink()


# ── the file ──


def lines_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_file_holds_each_key_once_and_whole_lines(a_run, tmp_path):
    path, ledger = tmp_path / "operations.jsonl", approved(a_run)
    told = ledger.apply(ledger.plan("kim"), open_adapter(f"file:{path}"))
    assert told["done"] == 4
    assert len({line["key"] for line in lines_of(path)}) == 4
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_same_operation_from_two_adapters_is_one_line(tmp_path):
    path = tmp_path / "operations.jsonl"
    operation = made.operation("d1")
    FileAdapter(path).send(operation)
    other = FileAdapter(path)
    other.send(operation)
    other.send(made.operation("d2"))
    FileAdapter(path).send(made.operation("d2"))
    assert [line["decision_id"] for line in lines_of(path)] == ["d1", "d2"]


def test_a_line_that_a_crash_left_unfinished_is_cut_off(tmp_path):
    path = tmp_path / "operations.jsonl"
    FileAdapter(path).send(made.operation("d1"))
    with path.open("ab") as stream:
        stream.write(b'{"key": "d2:1:ap')
    FileAdapter(path).send(made.operation("d2"))
    assert [line["decision_id"] for line in lines_of(path)] == ["d1", "d2"]


def test_a_file_of_something_else_is_left_alone(tmp_path):
    path = tmp_path / "operations.jsonl"
    path.write_text("a diary\n", encoding="utf-8")
    with pytest.raises(InputError, match="holds a line that is none"):
        FileAdapter(path).send(made.operation("d1"))
    assert path.read_text(encoding="utf-8") == "a diary\n"


def test_a_folder_that_is_missing_is_one_message(tmp_path):
    with pytest.raises(GraphscanError, match="does not exist"):
        open_adapter(f"file:{tmp_path / 'none' / 'x'}")
