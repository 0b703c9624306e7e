"""The commands of the ledger: ``decide``, ``review``, ``appeal``, ``apply``, ``audit``.

In: arguments. Out: what each command tells, as :mod:`graphscan.cli` prints it. Each of the last four has actions; options may stand before
or after the action. ``add_commands`` returns the actions by command, so that others can add their own.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphscan.errors import InputError, LedgerError, OutsideError, SettingsError

if TYPE_CHECKING:
    from graphscan.ledger import Decision, Head, Ledger

Command = Callable[[argparse.Namespace], dict[str, Any]]
Make = Callable[[Any, str, str, Command], argparse.ArgumentParser]

LEDGER_VARIABLE = "GRAPHSCAN_LEDGER"
_LEDGER_HELP = f"a file, or postgresql://HOST/DATABASE (default: {LEDGER_VARIABLE})"
_KEY_HELP = "a file of mode 0600 with the ledger's key (default: GRAPHSCAN_LEDGER_KEY, else a chain without key)"


def add_commands(commands: Any, make: Make) -> Mapping[str, Any]:
    """Declare the commands with the maker that :mod:`graphscan.cli` uses; return the actions of each, to add to."""
    _add_decide(commands, make)
    return {
        add.__name__.removeprefix("_add_"): add(commands, make)
        for add in (_add_review, _add_appeal, _add_apply, _add_audit)
    }


def add_ledger(parser: argparse.ArgumentParser) -> None:
    """Let a command say which ledger, and its key."""
    parser.add_argument("--ledger", metavar="LEDGER", help=_LEDGER_HELP)
    parser.add_argument("--key-file", type=Path, metavar="FILE", help=_KEY_HELP)
    parser.set_defaults(usage=parser.error)


def add_action(actions: Any, name: str, sentence: str, function: Command) -> argparse.ArgumentParser:
    """Declare one action of a command; the options of the command may be given after the action too."""
    parser: argparse.ArgumentParser = actions.add_parser(name, help=sentence, description=sentence)
    parser.set_defaults(command=function)
    for flag in ("--json", "--quiet"):
        parser.add_argument(flag, action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    parser.add_argument("--ledger", metavar="LEDGER", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    parser.add_argument("--key-file", type=Path, metavar="FILE", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    return parser


def open_ledger(given: argparse.Namespace, create: bool = False) -> Ledger:
    """Open the ledger that a command names, or the environment does; a usage error when neither does."""
    from graphscan.ledger import Ledger
    from graphscan.ledger.seals import find_key

    where = given.ledger or os.environ.get(LEDGER_VARIABLE)
    if not where:
        given.usage(f"which ledger? give --ledger LEDGER, or set {LEDGER_VARIABLE}")
    return Ledger.open(str(where), key=find_key(given.key_file), create=create)


def _person(parser: argparse.ArgumentParser, note: bool | None = None, default: str | None = None) -> None:
    more = f" (default {default})" if default else ""
    parser.add_argument(
        "--as", dest="who", metavar="NAME", required=default is None, default=default, help=f"who does it{more}"
    )
    if note is not None:
        words = "why; required" if note else "why"
        parser.add_argument("--note", required=note, default="", metavar="TEXT", help=words)


def _with_actions(commands: Any, make: Make, name: str, sentence: str, function: Command, required: bool) -> Any:
    parser = make(commands, name, sentence, function)
    add_ledger(parser)
    return parser.add_subparsers(title="actions", metavar="ACTION", required=required, dest="action", help="what to do")


# ── decide ──


def _add_decide(commands: Any, make: Make) -> None:
    parser = make(commands, "decide", "a run's proposed decisions into a ledger, once each", _decide)
    parser.add_argument("run", type=Path, help="a run's folder")
    add_ledger(parser)
    parser.add_argument(
        "--mode",
        choices=("shadow", "canary", "live", "holdout"),
        default="shadow",
        help="shadow: log only (default); canary: a share of the accounts; live: all but a holdout of 1 %% of limits",
    )
    parser.add_argument(
        "--canary-share", type=float, metavar="SHARE", help="share of accounts in a canary, 0 to 1 (default 0.05)"
    )
    _person(parser, default="graphscan")


def _decide(given: argparse.Namespace) -> dict[str, Any]:
    from graphscan.ledger.proposing import CANARY_SHARE

    share = CANARY_SHARE if given.canary_share is None else given.canary_share
    if not 0 <= share <= 1:
        raise SettingsError(f"--canary-share {share:g}; allowed is 0 to 1")
    with open_ledger(given, create=True) as ledger:
        counts = ledger.propose(given.run, mode=given.mode, proposer=given.who, canary_share=share)
        head, keyed = str(ledger.head()), ledger.keyed
    states = ", ".join(f"{n} {name}" for name, n in counts.items() if name not in ("proposed", "known", "withdrawn"))
    lines = [
        f"{counts['proposed']} decisions proposed ({given.mode}){f': {states}' if states else ''};"
        f" {counts['known']} known already, {counts['withdrawn']} earlier ones withdrawn.",
        f"Head of the chain, to be kept elsewhere: {head}",
    ]
    return {"counts": counts, "mode": given.mode, "head": head, "keyed": keyed, "lines": lines + _unkeyed(keyed)}


def _unkeyed(keyed: bool) -> list[str]:
    return [] if keyed else ["The chain has no key: it shows accidents, not a forger (see docs/ledger.md, Key)."]


# ── review ──


def _add_review(commands: Any, make: Make) -> Any:
    actions = _with_actions(commands, make, "review", "people look at proposed decisions", _review_list, required=False)
    listing = add_action(actions, "list", "decisions that wait for people, or of any state", _review_list)
    listing.add_argument(
        "--state", metavar="STATE", help="IN_REVIEW, APPLIED … or all (default: BLOCKED and IN_REVIEW)"
    )
    listing.add_argument("--cluster", metavar="ID", help="only of this cluster")
    listing.add_argument("--account", metavar="ID", help="only about this account")
    one_decision(add_action(actions, "show", "one decision with its evidence and its history", _review_show))
    for name, sentence, note in (
        ("approve", "approve a decision; a ban needs two people", False),
        ("reject", "reject a decision", True),
        ("withdraw", "withdraw a decision; what took effect is reversed", True),
        ("route", "bring a blocked decision before people", False),
    ):
        parser = add_action(actions, name, sentence, _review_word)
        one_decision(parser)
        _person(parser, note)
    for name, sentence in (("revoke", "take a person's right to approve away"), ("reinstate", "give it back to them")):
        parser = add_action(actions, name, sentence, _review_rights)
        parser.add_argument("person", metavar="PERSON", help="whose right")
        _person(parser, True)
    return actions


def one_decision(parser: argparse.ArgumentParser) -> None:
    """Let a command take one decision's id."""
    parser.add_argument("decision", metavar="ID", help="a decision's id")


def _review_list(given: argparse.Namespace) -> dict[str, Any]:
    from graphscan.ledger.states import STATES

    state = getattr(given, "state", None)
    if state not in (None, "all", *STATES):
        raise SettingsError(f"--state {state!r}; allowed is all, {', '.join(STATES)}")
    narrowed = {name: getattr(given, name, None) for name in ("cluster", "account")}
    with open_ledger(given) as ledger:
        found = ledger.decisions(**narrowed, state=None if state in (None, "all") else state)
    shown = [d for d in found if state or d.state in ("BLOCKED", "IN_REVIEW")]
    counts = dict(sorted(Counter(d.state for d in found).items()))
    lines = [_line(d) for d in shown] or ["No decision waits for people." if state is None else "None."]
    return {"decisions": [asdict(d) for d in shown], "counts": counts, "lines": lines}


def _line(d: Decision) -> str:
    have = len({a.who for a in d.approvals if a.word == "approve"})
    return shown_as(
        f"{d.decision_id}  {d.state:10s}  {d.detail:18s}  account {d.account_id}  cluster {d.cluster_id or '-'}"
        f"  {d.reason}  families {','.join(d.families) or '-'}  approvals {have}"
    )


def shown_as(text: str) -> str:
    """Return text as a terminal may show it: on one line, without control characters."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _review_show(given: argparse.Namespace) -> dict[str, Any]:
    with open_ledger(given) as ledger:
        found = ledger.decision(given.decision)
        history = ledger.entries(given.decision)
    lines = [
        _line(found),
        f"rule {found.rule}, policy {found.policy_version}, degree {found.degree}, days {found.days}",
    ]
    lines += [f"  blocked: {reason}" for reason in found.blocked_by]
    lines += [f"  {ground.family}: {ground.sentence}" for ground in found.grounds]
    lines += [f"  speaks for the account: {ground.sentence}" for ground in found.speaks_for]
    lines += [f"  without which it would be milder: {found.counterfactual}"] if found.counterfactual else []
    lines += [f"{e.at}  {e.actor}: {e.action} {e.before or '-'} → {e.after}" for e in history]
    return {"decision": asdict(found), "history": [asdict(e) for e in history], "lines": list(map(shown_as, lines))}


def _review_word(given: argparse.Namespace) -> dict[str, Any]:
    with open_ledger(given) as ledger:
        do = ledger.route_review if given.action == "route" else getattr(ledger, given.action)
        found = do(given.decision, given.who, given.note)
    return {"decision": asdict(found), "lines": [f"decision {found.decision_id} is {found.state}"]}


def _review_rights(given: argparse.Namespace) -> dict[str, Any]:
    with open_ledger(given) as ledger:
        back = getattr(ledger, given.action)(given.person, given.who, given.note) or []
    line = f"{given.person}: {given.action}d" + (f"; {len(back)} decisions go back to review" if back else "")
    return {"person": given.person, "action": given.action, "back_to_review": back, "lines": [shown_as(line)]}


# ── appeal ──


def _add_appeal(commands: Any, make: Make) -> Any:
    actions = _with_actions(
        commands, make, "appeal", "appeals against decisions, and their answers", _appeal_list, False
    )
    opening = add_action(actions, "open", "open the one appeal that a decision can have", _appeal_open)
    one_decision(opening)
    opening.add_argument("--by", required=True, metavar="WHO", help="who appeals: the account, or who speaks for it")
    words = opening.add_mutually_exclusive_group(required=True)
    words.add_argument("--text", metavar="TEXT", help="what they say, up to 2,000 characters")
    words.add_argument("--text-file", type=Path, metavar="FILE", help="a file with what they say")
    opening.add_argument(
        "--attach", type=Path, action="append", default=[], metavar="FILE", help="a file they send; may be given again"
    )
    listing = add_action(actions, "list", "appeals, those that wait for an answer first", _appeal_list)
    listing.add_argument("--state", metavar="STATE", help="OPEN (default), UPHELD, OVERTURNED, LAPSED or all")
    for name, sentence, note in (
        ("uphold", "let the decision stand", True),
        ("overturn", "accept the appeal: reverse the decision, check its siblings again", False),
    ):
        parser = add_action(actions, name, sentence, _appeal_answer)
        parser.add_argument("appeal", metavar="APPEAL", help="an appeal's id")
        _person(parser, note)
        if name == "overturn":
            parser.add_argument("--reason", required=True, metavar="REASON", help="not_member, victim, compromised …")
    again = add_action(actions, "recheck", "check the siblings of an overturned decision once more", _appeal_recheck)
    again.add_argument("appeal", metavar="APPEAL", help="an appeal's id")
    return actions


def _appeal_open(given: argparse.Namespace) -> dict[str, Any]:
    with open_ledger(given) as ledger:
        found = ledger.open_appeal(given.decision, given.by, _words(given), given.attach)
    return {"appeal": asdict(found), "lines": [f"appeal {found.appeal_id} is open; an answer is due by {found.due_at}"]}


def _words(given: argparse.Namespace) -> str:
    if given.text is not None:
        return str(given.text)
    try:
        return str(given.text_file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"text file {given.text_file} cannot be read: {type(error).__name__}") from None


def _appeal_list(given: argparse.Namespace) -> dict[str, Any]:
    state = getattr(given, "state", None) or "OPEN"
    if state not in ("all", "OPEN", "UPHELD", "OVERTURNED", "LAPSED"):
        raise SettingsError(f"--state {state!r}; allowed is OPEN, UPHELD, OVERTURNED, LAPSED or all")
    with open_ledger(given) as ledger:
        found = ledger.appeals(state=None if state == "all" else state)
    lines = [f"{a.appeal_id}  {a.state:10s}  due {a.due_at}  {len(a.attachments)} files" for a in found]
    return {"appeals": [asdict(a) for a in found], "lines": lines or ["No appeal waits for an answer."]}


def _appeal_answer(given: argparse.Namespace) -> dict[str, Any]:
    from graphscan.ledger.guards import until_thawed

    with open_ledger(given) as ledger:
        if given.action == "uphold":
            found = ledger.uphold(given.appeal, given.who, given.note)
            return {"appeal": asdict(found), "lines": [f"appeal {found.appeal_id} is {found.state}"]}
        told = ledger.overturn(given.appeal, given.who, given.reason, given.note)
    lines = [
        f"decision {told['decision']} overturned; its reversal {'is to be sent' if told['reversed'] else 'was not needed'}"
    ]
    lines += [f"siblings checked again: {_counts(told['siblings'])}; {told['held']} held, {told['stayed']} stayed"]
    lines += [f"frozen: {scope}, {until_thawed(scope)}" for scope in told["frozen"]]
    return {**told, "lines": [*lines, "Send what is to be sent: graphscan apply drain --to …"]}


def _appeal_recheck(given: argparse.Namespace) -> dict[str, Any]:
    with open_ledger(given) as ledger:
        siblings = ledger.recheck_siblings(given.appeal)
    return {"siblings": siblings, "lines": [f"siblings checked again: {_counts(siblings)}"]}


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {name}" for name, n in counts.items()) or "none"


# ── apply ──


def _add_apply(commands: Any, make: Make) -> Any:
    actions = _with_actions(
        commands, make, "apply", "plan what is approved, send it, end what is over", _apply_expire, True
    )
    planning = add_action(actions, "plan", "write down what would be sent now, signed by the ledger", _apply_plan)
    planning.add_argument("--out", type=Path, required=True, metavar="PLAN.json", help="must not exist yet")
    _person(planning)
    signing = add_action(actions, "sign", "sign for a plan above a cap or a surprise; it takes two people", _apply_sign)
    signing.add_argument("plan", type=Path, metavar="PLAN.json", help="a plan's file")
    _person(signing, False)
    running = add_action(actions, "run", "send the decisions of a plan; safe to run again", _apply_run)
    running.add_argument("plan", type=Path, metavar="PLAN.json", help="a plan's file")
    _platform(running)
    _person(running, default="graphscan")
    _platform(add_action(actions, "drain", "send what is still to be sent, reversals first", _apply_drain))
    again = add_action(actions, "requeue", "try a measure again that could not be delivered", _apply_requeue)
    one_decision(again)
    _person(again)
    add_action(actions, "expire", "end measures whose days are over; then drain", _apply_expire)
    return actions


def _platform(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to",
        required=True,
        metavar="PLATFORM",
        help="file:PATH (one JSON line an operation), or https://HOST/PATH (token: GRAPHSCAN_PLATFORM_TOKEN)",
    )


def _apply_plan(given: argparse.Namespace) -> dict[str, Any]:
    with open_ledger(given) as ledger:
        plan = ledger.plan(given.who, given.out)
    lines = [
        f"{len(plan.decisions)} decisions in {given.out}: {_counts(plan.measures)}; valid until {plan.valid_until}"
    ]
    lines += [f"  cluster {name}: {n}" for name, n in list(plan.clusters.items())[:20]]
    lines += [f"  {n} waiting: {reason}" for reason, n in plan.waiting.items()]
    lines += [f"Two people must sign (graphscan apply sign): {hold}" for hold in plan.holds]
    return {**asdict(plan), "out": str(given.out), "lines": list(map(shown_as, lines))}


def _apply_sign(given: argparse.Namespace) -> dict[str, Any]:
    with open_ledger(given) as ledger:
        signers = ledger.sign(given.plan, given.who, given.note)
    return {"plan": str(given.plan), "signers": signers, "lines": [f"{given.plan}: signed by {signers}"]}


def _apply_run(given: argparse.Namespace) -> dict[str, Any]:
    from graphscan.ledger.adapters import open_adapter

    adapter = open_adapter(given.to)
    with open_ledger(given) as ledger:
        told = ledger.apply(given.plan, adapter, given.who)
        head = str(ledger.head())
    return _delivered(given, {**told, "head": head})


def _apply_drain(given: argparse.Namespace) -> dict[str, Any]:
    from graphscan.ledger.adapters import open_adapter

    adapter = open_adapter(given.to)
    with open_ledger(given) as ledger:
        told = ledger.drain(adapter)
    return _delivered(given, told)


def _delivered(given: argparse.Namespace, told: dict[str, Any]) -> dict[str, Any]:
    shown = {name: n for name, n in told.items() if isinstance(n, int)}
    if told["pending"]:
        _tell_first(given, told)
        raise OutsideError(
            f"{told['pending']} operations are still to be sent ({_counts(shown)}); running again is safe"
        )
    return {**told, "lines": [_counts(shown)]}


def _tell_first(given: argparse.Namespace, told: Mapping[str, Any]) -> None:
    """Print the machine-readable answer of a command that then ends with an error."""
    if given.json:
        print(json.dumps(dict(told), sort_keys=True), flush=True)


def _apply_requeue(given: argparse.Namespace) -> dict[str, Any]:
    with open_ledger(given) as ledger:
        found = ledger.requeue(given.decision, given.who)
    return {"decision": asdict(found), "lines": [f"decision {found.decision_id} is {found.state}"]}


def _apply_expire(given: argparse.Namespace) -> dict[str, Any]:
    with open_ledger(given) as ledger:
        told = ledger.expire()
    return {**told, "lines": [f"{told['expired']} measures are over, {told['lapsed']} appeals lapsed"]}


# ── audit ──


def _add_audit(commands: Any, make: Make) -> Any:
    actions = _with_actions(
        commands, make, "audit", "check the chain, read it, erase a person, freeze", _audit_verify, True
    )
    checking = add_action(actions, "verify", "check chain, payloads, moves, present states and triggers", _audit_verify)
    checking.add_argument("--head", metavar="SEQ:MAC", help="a head that was kept elsewhere: shows a chain cut short")
    listing = add_action(actions, "list", "the entries of the chain, all or about one subject", _audit_list)
    listing.add_argument("subject", nargs="?", metavar="SUBJECT", help="a decision, an appeal, or KIND:NAME")
    add_action(actions, "head", "the newest entry, to be kept elsewhere", _audit_head)
    erasing = add_action(actions, "erase", "erase what is said about an account; the chain stays valid", _audit_erase)
    erasing.add_argument("account", metavar="ACCOUNT", help="the account's id")
    _person(erasing, True)
    for name, sentence in (("freeze", "stop what is under way in a scope"), ("thaw", "let a frozen scope go on")):
        parser = add_action(actions, name, sentence, _audit_scope)
        parser.add_argument("scope", metavar="SCOPE", help="all, cluster:ID or policy:VERSION")
        _person(parser, True)
    return actions


def _audit_verify(given: argparse.Namespace) -> dict[str, Any]:
    head = _head(given.head)
    with open_ledger(given) as ledger:
        found = ledger.verify(head)
    told = {**asdict(found), "head": str(found.head), "ok": found.ok}
    if not found.ok:
        _tell_first(given, told)
        raise LedgerError(f"the ledger does not hold: {'; '.join(_first(found.faults))}")
    lines = [f"{found.entries} entries hold; {found.erased} payloads erased. Head: {found.head}"]
    return {**told, "lines": lines + _unkeyed(found.keyed)}


def _first(faults: Iterable[str], most: int = 5) -> list[str]:
    shown = list(map(shown_as, faults))
    return [*shown[:most], f"and {len(shown) - most} more"] if len(shown) > most else shown


def _head(text: str | None) -> Head | None:
    from graphscan.ledger import Head

    if text is None:
        return None
    seq, _, mac = text.partition(":")
    if not (seq.isascii() and seq.isdigit() and len(seq) < 19):
        raise SettingsError(f"--head {text!r}; allowed is SEQ:MAC, as `graphscan audit head` prints it")
    return Head(int(seq), mac)


def _audit_list(given: argparse.Namespace) -> dict[str, Any]:
    with open_ledger(given) as ledger:
        found = ledger.entries(given.subject)
    lines = [f"{e.seq}  {e.at}  {e.actor}  {e.action}  {e.subject}  {e.before or '-'} → {e.after}" for e in found]
    return {"entries": [asdict(e) for e in found], "lines": list(map(shown_as, lines)) or ["No entries."]}


def _audit_head(given: argparse.Namespace) -> dict[str, Any]:
    with open_ledger(given) as ledger:
        head = ledger.head()
    return {"head": str(head), "lines": [str(head)]}


def _audit_erase(given: argparse.Namespace) -> dict[str, Any]:
    with open_ledger(given) as ledger:
        told = ledger.erase(given.account, given.who, given.note)
    return {**told, "lines": [_counts(told), "Runs, plans and operation files hold the id too; they are not touched."]}


def _audit_scope(given: argparse.Namespace) -> dict[str, Any]:
    from graphscan.ledger.guards import until_thawed

    with open_ledger(given) as ledger:
        if given.action == "thaw":
            ledger.thaw(given.scope, given.who, given.note)
            return {"scope": given.scope, "lines": [f"{given.scope} goes on"]}
        held = ledger.freeze(given.scope, given.who, given.note)
    line = f"{given.scope} is frozen, {until_thawed(given.scope)}; {len(held)} decisions held"
    return {"scope": given.scope, "held": held, "lines": [line]}
