"""The ledger's commands: a run from its proposals to a reversal, and one message for each thing that is wrong."""

import json
import shlex

import pytest

from graphscan.cli import main
from graphscan.ledger import Ledger

from .ledger import made

KEY = "a key for the tests only"


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    monkeypatch.setenv("GRAPHSCAN_LEDGER_KEY", KEY)
    for name in ("GRAPHSCAN_LEDGER", "GRAPHSCAN_LEDGER_KEY_FILE", "GRAPHSCAN_KILL_SWITCH", "GRAPHSCAN_PLATFORM_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(tmp_path):
    rows = [made.decision("a0", "warn"), made.decision("a1"), made.decision("a2", "ban")]
    return made.run(tmp_path / "run", rows, active=20_000)


@pytest.fixture
def told(capsys):
    """Run a command that must succeed; return the object it prints."""

    def call(*arguments):
        assert main([*map(str, arguments), "--json"]) == 0, capsys.readouterr().err
        return json.loads(capsys.readouterr().out)

    return call


@pytest.fixture
def refused(capsys):
    """Run a command that must fail; return its one message."""

    def call(*arguments, code=1):
        assert main(list(map(str, arguments))) == code
        lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("graphscan: ")]
        assert len(lines) == 1, lines
        return lines[0].removeprefix("graphscan: ")

    return call


def test_a_run_from_its_proposals_to_a_reversal(run, told, monkeypatch, tmp_path):
    monkeypatch.setenv("GRAPHSCAN_LEDGER", "ledger.db")
    counts = told("decide", run, "--mode", "live")["counts"]
    assert counts == {"proposed": 3, "known": 0, "withdrawn": 0, "approved": 1, "in_review": 2}
    limit = next(d for d in told("review")["decisions"] if d["measure"] == "limit")["decision_id"]
    assert told("review", "approve", limit, "--as", "ann")["decision"]["state"] == "APPROVED"
    assert told("review", "show", limit)["history"][-1]["actor"] == "ann"
    plan = told("apply", "plan", "--out", "plan.json", "--as", "kim")
    assert plan["measures"] == {"limit": 1, "warn": 1}
    assert told("apply", "run", "plan.json", "--to", "file:operations.jsonl")["done"] == 2
    appeal = told("appeal", "open", limit, "--by", "a1", "--text", "not me")["appeal"]["appeal_id"]
    assert [a["appeal_id"] for a in told("appeal")["appeals"]] == [appeal]
    overturned = told("appeal", "overturn", appeal, "--as", "dora", "--reason", "victim")
    assert overturned["reversed"]
    assert told("apply", "drain", "--to", "file:operations.jsonl")["pending"] == 0
    lines = [json.loads(line) for line in (tmp_path / "operations.jsonl").read_text().splitlines()]
    assert [(x["op"], x["fence"]) for x in lines if x["decision_id"] == limit] == [("apply", 1), ("reverse", 2)]
    head = told("audit", "head")["head"]
    assert told("audit", "verify", "--head", head)["ok"]
    assert told("audit", "erase", "a1", "--as", "dpo", "--note", "asked for")["decisions"] == 1
    assert told("audit", "verify", "--head", head)["erased"] > 0
    assert told("audit", "list", limit)["entries"][0]["action"] == "propose"


def test_the_ledger_may_be_named_before_or_after_the_action(run, told):
    told("decide", run, "--ledger", "one.db")
    assert told("review", "--ledger", "one.db", "list", "--state", "all")["counts"] == {"SHADOWED": 3}
    assert told("review", "list", "--state", "all", "--ledger", "one.db")["counts"] == {"SHADOWED": 3}


def test_without_json_the_answer_is_lines(run, capsys):
    assert main(["decide", str(run), "--ledger", "one.db"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("3 decisions proposed (shadow): 3 shadowed; 0 known already, 0 earlier ones withdrawn.\n")
    assert main(["review", "--ledger", "one.db"]) == 0
    assert capsys.readouterr().out == "No decision waits for people.\n"


def test_a_chain_without_a_key_says_so(run, capsys, monkeypatch):
    monkeypatch.delenv("GRAPHSCAN_LEDGER_KEY")
    assert main(["decide", str(run), "--ledger", "one.db"]) == 0
    assert "The chain has no key" in capsys.readouterr().out
    assert main(["audit", "verify", "--ledger", "one.db", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["keyed"] is False


def test_no_ledger_is_a_usage_error(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["review", "list"])
    assert ended.value.code == 2
    assert "which ledger? give --ledger LEDGER, or set GRAPHSCAN_LEDGER" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("review", "--ledger", "none.db"), "ledger none.db does not exist; `graphscan decide RUN --ledger none.db` begins one"),
        (("review", "show", "d9", "--ledger", "one.db"), "the ledger has no decision 'd9'"),
        (("review", "list", "--state", "OLD", "--ledger", "one.db"), "--state 'OLD'; allowed is all, PROPOSED, "),
        (("appeal", "list", "--state", "OLD", "--ledger", "one.db"), "--state 'OLD'; allowed is OPEN, "),
        (("apply", "plan", "--out", "p", "--as", "kim", "--ledger", "one.db"), "no policy is in force"),
        (("apply", "run", "p", "--to", "file:x", "--ledger", "one.db"), "p is no plan file: FileNotFoundError"),
        (("apply", "drain", "--to", "x", "--ledger", "one.db"), "platform 'x'; allowed is file:PATH"),
        (("audit", "verify", "--head", "x", "--ledger", "one.db"), "--head 'x'; allowed is SEQ:MAC"),
        (("audit", "verify", "--head", "1:x", "--ledger", "one.db"), "the ledger does not hold: the chain does not hold"),
        (("audit", "freeze", "x", "--as", "a", "--note", "n", "--ledger", "one.db"), "scope 'x'; allowed is all"),
        (("audit", "erase", "zz", "--as", "a", "--note", "n", "--ledger", "one.db"), "knows nothing of account 'zz'"),
        (("decide", "nowhere", "--ledger", "one.db"), "nowhere is no run: run.json is missing"),
        (("decide", "run", "--canary-share", "2", "--ledger", "one.db"), "--canary-share 2; allowed is 0 to 1"),
        (("audit", "head", "--ledger", "mysql://x"), "ledger 'mysql://x'; allowed is the path of a file, or postgresql"),
    ],
)  # fmt: skip
def test_each_wrong_input_has_one_message(run, refused, arguments, message, capsys):
    assert main(["decide", "run", "--ledger", "one.db"]) == 0
    capsys.readouterr()
    assert message in refused(*arguments)


def test_a_platform_that_does_not_answer_ends_with_75_and_can_be_run_again(run, told, refused, monkeypatch, capsys):
    monkeypatch.setattr("graphscan.ledger.delivery.BACK_OFF_S", 0.0)
    told("decide", run, "--mode", "live", "--ledger", "one.db")
    told("apply", "plan", "--out", "p.json", "--as", "kim", "--ledger", "one.db")
    closed = "http://127.0.0.1:9/x"
    assert "1 operations are still to be sent" in refused(
        "apply", "run", "p.json", "--to", closed, "--ledger", "one.db", code=75
    )
    assert told("apply", "run", "p.json", "--to", "file:ops", "--ledger", "one.db")["done"] == 1


def test_a_failed_check_prints_its_object_and_ends_with_1(run, capsys, tmp_path):
    assert main(["decide", str(run), "--ledger", "one.db"]) == 0
    capsys.readouterr()
    with Ledger.open("one.db", key=KEY.encode()) as ledger:
        ledger._desk.store.change("DELETE FROM graphscan_standing WHERE kind = 'run'")
    assert main(["audit", "verify", "--ledger", "one.db", "--json"]) == 1
    found = capsys.readouterr()
    assert json.loads(found.out)["faults"][0].startswith("run ")
    assert "the ledger does not hold: run " in found.err


def test_what_people_wrote_reaches_no_terminal_as_it_came(tmp_path, told, capsys):
    made.run(tmp_path / "run", [made.decision("a\x1b[31m")])
    told("decide", "run", "--ledger", "one.db")
    assert main(["review", "list", "--state", "all", "--ledger", "one.db"]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_what_is_frozen_names_the_command_that_lets_it_go_on(run, told, refused, capsys):
    told("decide", run, "--mode", "live", "--ledger", "one.db")
    (warning,) = told("review", "list", "--state", "APPROVED", "--ledger", "one.db")["decisions"]
    scope = f"policy:{warning['policy_version']}"
    assert main(["audit", "freeze", scope, "--as", "ann", "--note", "look into it", "--ledger", "one.db"]) == 0
    says = capsys.readouterr().out
    message = refused("apply", "plan", "--out", "plan.json", "--as", "kim", "--ledger", "one.db")
    named = message.split("until graphscan ")[1].rstrip(")")
    assert named in says
    typed = shlex.split(named.replace("NAME", "ann").replace("TEXT", "'nothing wrong'"))
    told(*typed, "--ledger", "one.db")
    assert told("apply", "plan", "--out", "plan.json", "--as", "kim", "--ledger", "one.db")["measures"] == {"warn": 1}
