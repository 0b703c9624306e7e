"""The actions of ``graphscan review`` that people read and serve with, over a real ledger."""

import json
from argparse import Namespace

import pytest

from graphscan.casework_cli import _token
from graphscan.cli import main
from graphscan.errors import InputError, SettingsError

from ..ledger import made


@pytest.fixture
def ledger(tmp_path):
    rows = [made.decision("u-ban", "ban"), made.decision("u-warn", "warn", cluster=None)]
    with made.opened(tmp_path / "ledger.db", key=None) as ledger:
        ledger.propose(made.run(tmp_path / "run", rows), mode="live", proposer="graphscan", canary_share=1.0)
        names = {d.account_id: d.decision_id for d in ledger.decisions()}
    return Namespace(where=str(tmp_path / "ledger.db"), **{k.replace("-", "_"): v for k, v in names.items()})


def called(ledger, capsys, *arguments):
    code = main(["review", "--ledger", ledger.where, *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def english(ledger, capsys, decision):
    code, out, err = called(ledger, capsys, "notice", decision, "--language", "en")
    assert code == 0, err
    return out


def test_a_page_is_written_once(ledger, capsys, tmp_path):
    out = tmp_path / "case.html"
    assert called(ledger, capsys, "page", ledger.u_ban, "--out", str(out))[0] == 0
    assert "Account u-ban posted by tool." in out.read_text(encoding="utf-8")
    code, _, err = called(ledger, capsys, "page", ledger.u_ban, "--out", str(out))
    assert (code, "exists already" in err) == (1, True)


def test_a_notice_is_printed_in_both_languages_or_written(ledger, capsys, tmp_path):
    code, out, _ = called(ledger, capsys, "notice", ledger.u_ban)
    assert (code, "关于您账号的处理通知：封禁账号" in out) == (0, True)
    code, out, _ = called(
        ledger, capsys, "notice", ledger.u_ban, "--language", "en", "--appeal-address", "https://a.example/x", "--json"
    )
    assert "You can appeal within 180 days of receiving this: https://a.example/x" in json.loads(out)["text"]
    assert called(ledger, capsys, "notice", ledger.u_ban, "--out", str(tmp_path / "n.html"))[0] == 0
    assert (tmp_path / "n.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_the_notice_tells_the_last_word(ledger, capsys):
    """A warning is applied, appealed and overturned, a limit runs out: neither is told as what it was."""
    clock = made.Clock()
    with made.without_caps(made.opened(ledger.where, clock, key=None)) as opened:
        platform = made.Platform()
        opened.apply(opened.plan("kim"), platform)
        assert "we apologise" not in english(ledger, capsys, ledger.u_warn)
        opened.recheck = lambda tables, policy, without: []
        appeal = opened.open_appeal(ledger.u_warn, "u-warn", "It was not me.")
        assert "warning" in english(ledger, capsys, ledger.u_warn)
        opened.overturn(appeal.appeal_id, "dora", "wrong_facts", "")
        opened.drain(platform)
    told = english(ledger, capsys, ledger.u_warn)
    assert "Your appeal: the decision is undone, and we apologise" in told
    assert "DRAFT" not in told


def test_the_notice_of_a_measure_that_ran_out_says_so(tmp_path, capsys):
    where, clock = tmp_path / "l.db", made.Clock()
    with made.without_caps(made.opened(where, clock, key=None)) as opened:
        run = made.run(tmp_path / "limited", [made.decision("a1", "limit")])
        opened.propose(run, mode="live", proposer="graphscan", canary_share=1.0)
        [decision] = opened.decisions()
        opened.approve(decision.decision_id, "ann")
        platform = made.Platform()
        opened.apply(opened.plan("kim"), platform)
        clock.forward(days=31)
        opened.expire()
    told = english(Namespace(where=str(where)), capsys, decision.decision_id)
    assert "The measure on your account has ended" in told


def test_a_statement_before_it_took_effect_is_an_error(ledger, capsys):
    code, _, err = called(ledger, capsys, "statement", ledger.u_ban)
    assert (code, "a statement is made when it took effect" in err) == (1, True)


def test_an_export_counts_what_owes_no_statement(ledger, capsys, tmp_path):
    code, out, _ = called(ledger, capsys, "statements", "--out", str(tmp_path / "s.jsonl"))
    assert code == 0
    assert "0 statements" in out
    assert "1 decisions owe none: a warning" in out
    assert (tmp_path / "s.jsonl").read_text(encoding="utf-8") == ""


def test_a_host_beyond_this_machine_is_refused_without_a_token(ledger, capsys, monkeypatch):
    monkeypatch.delenv("GRAPHSCAN_REVIEW_TOKEN", raising=False)
    code, _, err = called(ledger, capsys, "serve", "--host", "0.0.0.0")
    assert (code, "can be reached from other machines" in err) == (1, True)
    code, _, err = called(ledger, capsys, "serve", "--port", "70000")
    assert (code, "--port 70000; allowed is 0 to 65535" in err) == (1, True)


def test_a_token_is_long_and_secret(tmp_path, monkeypatch):
    monkeypatch.delenv("GRAPHSCAN_REVIEW_TOKEN", raising=False)
    file = tmp_path / "token"
    file.write_text("a-token-of-tests-only\n")
    file.chmod(0o600)
    assert _token(file) == "a-token-of-tests-only"
    file.chmod(0o644)
    with pytest.raises(SettingsError, match="has mode 0644; allowed is 0600"):
        _token(file)
    with pytest.raises(InputError, match="cannot be read"):
        _token(tmp_path / "none")
    monkeypatch.setenv("GRAPHSCAN_REVIEW_TOKEN", "short")
    with pytest.raises(SettingsError, match="has 5 characters; allowed are 16 or more"):
        _token(None)
