"""The reference: tables, settings, behaviours, commands and formats as Markdown, from their declarations.

In: the declarations of the package and a folder of pages. Out: the same pages, each piece between its markers
made anew. ``python -m graphscan.reference docs`` rewrites the pages; a test fails when one is stale.
"""

from __future__ import annotations

import argparse
import dataclasses
import inspect
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import graphscan
from graphscan.behaviours.library import BEHAVIOURS, Behaviour, Form, Source
from graphscan.cli import build_parser
from graphscan.decisions.conditions import FLAGS, NUMBERS, When
from graphscan.decisions.guards import GUARDS
from graphscan.decisions.policy import Step, read_policy
from graphscan.decisions.policy_checks import RULE_KEYS, RULE_TABLES, SECTIONS, STEP_KEYS, Key
from graphscan.errors import InputError
from graphscan.groups.clues import ACCOUNT_CLUES, CLUSTER_CLUES
from graphscan.intake.abilities import ABILITIES
from graphscan.intake.adapters.register import ADAPTERS
from graphscan.jobs.config import OPTIONS
from graphscan.jobs.tables import PASS_TABLES
from graphscan.ledger.states import MOVES, Move
from graphscan.reports.explanation import Explanation
from graphscan.reports.views import ClusterView
from graphscan.run import Run
from graphscan.settings import Settings
from graphscan.simulate.catalogue import sentence_of, slices_of
from graphscan.simulate.marks import MARKS
from graphscan.simulate.parts import Part
from graphscan.simulate.scenarios import BUILDERS, SCENARIOS
from graphscan.tables import INPUT_TABLES, MEETING_PAIRS, RUN_TABLES, Column, Kind, Table
from graphscan.thresholds import THRESHOLDS

KINDS: Mapping[Kind, str] = {
    "id": "id (text)",
    "text": "text",
    "choice": "choice (text)",
    "time": "instant",
    "bool": "yes or no",
    "texts": "list of texts",
    "ids": "list of ids",
    "int": "whole number",
    "ints": "list of whole numbers",
    "float": "number",
}
"""How each kind of value is called on the pages."""

FORMS: Mapping[Form, str] = {
    "as it is": "as it is",
    "text": "by letters and digits only (NFKC, case folded); texts below `min_text_chars` are no object",
    "link": "without scheme, `www.`, tracking parameters and fragment",
    "tags": "the tags in their order, three or more",
    "template": "by the mould (see METHOD stage 2): texts of eight letters and more, by what is left when slots are left out",
    "contact": "by where it leads: ids and numbers in one spelling, addresses by shop, product or short link; nothing is looked up",
}
"""How each form of object is compared, in words."""

EVERYWHERE = ("help", "json", "quiet")
"""Options that every command has; the page says so once."""

_PIECE = re.compile(r"^<!-- begin (?P<name>[\w-]+) -->\n(?P<body>.*?)^<!-- end (?P=name) -->$", re.M | re.S)
_MARK = re.compile(r"^<!-- (?:begin|end) ", re.M)


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite the pages of a folder and name those that changed; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m graphscan.reference", description=rewrite.__doc__)
    parser.add_argument("folder", type=Path, help="the folder of Markdown pages, such as docs")
    try:
        changed = rewrite(parser.parse_args(arguments).folder)
    except InputError as error:
        sys.stderr.write(f"graphscan.reference: {error}\n")
        return error.exit_code
    sys.stdout.write("".join(f"{name}\n" for name in changed) or "every page is up to date\n")
    return 0


def rewrite(folder: Path) -> list[str]:
    """Write every generated piece in the pages of ``folder`` anew; return the names of those that changed.

    Raises
    ------
    InputError
        When there is no page, or a page has an unknown piece or an open marker.
    """
    pages = sorted(folder.glob("*.md"))
    if not pages:
        raise InputError(f"folder {folder} holds no page (*.md)")
    texts = {page: page.read_text(encoding="utf-8") for page in pages}
    renewed = {page: renew(text, page.name) for page, text in texts.items()}
    changed = [page for page in pages if renewed[page] != texts[page]]
    for page in changed:
        page.write_text(renewed[page], encoding="utf-8", newline="\n")
    return [page.name for page in changed]


def renew(text: str, name: str) -> str:
    """Return a page with every generated piece made anew; ``name`` is the page's, for messages.

    Raises
    ------
    InputError
        When the page names an unknown piece, or begins one and does not end it.
    """
    if len(_MARK.findall(text)) != 2 * len(_PIECE.findall(text)):
        raise InputError(f"page {name}: a piece is not closed; it ends with a line <!-- end NAME -->")
    return _PIECE.sub(lambda found: _framed(found["name"], name), text)


def pieces_of(text: str) -> list[str]:
    """Return the names of the generated pieces of a page, in order."""
    return [found["name"] for found in _PIECE.finditer(text)]


def _framed(piece: str, page: str) -> str:
    if piece not in PIECES:
        raise InputError(f"page {page}: unknown piece {piece!r}; allowed: {', '.join(PIECES)}")
    return f"<!-- begin {piece} -->\n\n{PIECES[piece]()}\n\n<!-- end {piece} -->"


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; bars and line breaks in cells are written so that they stay inside."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _plain(docstring: str | None) -> str:
    """First sentence of a docstring, with Markdown's code marks."""
    return inspect.cleandoc(docstring or "").split("\n", 1)[0].replace("``", "`")


def _tables(tables: Sequence[Table], level: str = "###") -> str:
    return "\n\n".join(_table(table, level) for table in tables)


def _table(table: Table, level: str) -> str:
    rows = [(_code(c.name), _kind(c), "yes" if c.required else "", _meaning(c)) for c in table.columns]
    return (
        f"{level} `{table.name}`\n\nOne row is {table.grain}. A row is known by "
        f"{', '.join(map(_code, table.key))}.\n\n"
        f"{markdown_table(('column', 'value', 'required', 'meaning'), rows)}"
    )


def _kind(column: Column) -> str:
    return " or ".join(map(_code, column.choices)) if column.choices else KINDS[column.kind]


def _meaning(column: Column) -> str:
    return f"{column.meaning} (→ `{column.refers_to}`)" if column.refers_to else column.meaning


def _settings() -> str:
    rows = [
        (
            _code(field.name),
            _code(json.dumps(field.default, ensure_ascii=False)),
            field.metadata["allowed"],
            field.metadata["meaning"],
        )
        for field in dataclasses.fields(Settings)
    ]
    return markdown_table(("setting", "default", "allowed", "meaning"), rows)


def _job_options() -> str:
    rows = [
        (_code(o.name), _code(json.dumps(o.default, ensure_ascii=False)), o.metadata["allowed"], o.metadata["meaning"])
        for o in OPTIONS
    ]
    return markdown_table(("option", "default", "allowed", "meaning"), rows)


def _behaviours() -> str:
    return "\n\n".join(map(_behaviour, BEHAVIOURS))


def _behaviour(behaviour: Behaviour) -> str:
    facts = (
        ("object", "; ".join(map(_source, behaviour.sources))),
        ("compared", FORMS[behaviour.form]),
        ("channel", behaviour.channel),
        ("windows", ", ".join(f"{seconds:,} s" for seconds in behaviour.windows_s)),
        ("popular objects", behaviour.popularity),
    )
    lines = "\n".join(f"- {name}: {value}" for name, value in facts)
    return f"### `{behaviour.name}`: {behaviour.title}\n\nTwo accounts {behaviour.sentence}.\n\n{lines}"


def _source(source: Source) -> str:
    kind = f", where `kind` is `{source.kind}` and `target_kind` is `{source.target_kind}`" if source.kind else ""
    return f"`{source.table}.{source.column}`{kind}"


def _abilities() -> str:
    rows = [(" or ".join(map(_code, a.needs)), a.can, a.cannot) for a in ABILITIES]
    return markdown_table(("needs one of", "with it", "without it"), rows)


def _commands() -> str:
    return "\n\n".join(_command(name, parser) for name, parser in all_commands().items())


def all_commands() -> dict[str, argparse.ArgumentParser]:
    """Return every command by its name, and after a command that has actions each of these: ``review approve``."""
    return dict(_nested(build_parser(), ""))


def _nested(parser: argparse.ArgumentParser, before: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for name, inner in _choices(parser).items():
        yield f"{before}{name}", inner
        yield from _nested(inner, f"{before}{name} ")


def _choices(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def command_names() -> tuple[str, ...]:
    """Return the names of all commands, in the order in which ``graphscan --help`` lists them; actions are not among them."""
    return tuple(_choices(build_parser()))


def action_names() -> tuple[str, ...]:
    """Return the names of all actions of commands, with their command: ``review approve``."""
    return tuple(name for name in all_commands() if " " in name)


def _command(name: str, parser: argparse.ArgumentParser) -> str:
    actions = [
        action for action in parser._actions if action.dest not in EVERYWHERE and action.help != argparse.SUPPRESS
    ]
    actions.sort(key=lambda action: (bool(action.option_strings), not action.required))
    rows = [(_argument(action), _needed(action), _told(action)) for action in actions]
    table = f"\n\n{markdown_table(('argument', 'required', 'meaning'), rows)}" if rows else ""
    level = "####" if " " in name else "###"
    return f"{level} `graphscan {name}`\n\n{_sentence(parser.description or '')}{table}"


def _argument(action: argparse.Action) -> str:
    if isinstance(action, argparse._SubParsersAction):
        return _code(str(action.metavar))
    value = str(action.metavar or "|".join(map(str, action.choices or ())) or action.dest.upper())
    if not action.option_strings:
        return _code(value)
    return _code(", ".join(action.option_strings) + ("" if action.nargs == 0 else f" {value}"))


def _told(action: argparse.Action) -> str:
    """Return what help says of an argument; a command's actions by name."""
    if isinstance(action, argparse._SubParsersAction):
        return f"{action.help}: {', '.join(map(_code, action.choices))}"
    return (action.help or "").replace("%%", "%")


def _needed(action: argparse.Action) -> str:
    return "yes" if action.required else ""


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _formats() -> str:
    rows = [(_code(adapter.name), adapter.sentence) for adapter in ADAPTERS]
    return markdown_table(("format", "what it is"), rows)


def _scenarios() -> str:
    rows = [(_code(s.name), f"{s.people:,}", str(s.days), s.sentence) for s in SCENARIOS]
    return markdown_table(("scenario", "ordinary accounts", "days", "what is in it"), rows)


def _parts() -> str:
    """Every kind of part, with where it lives and what marks it."""
    rows = []
    for kind in BUILDERS:
        marks = sorted({mark for name in slices_of(Part(kind, 1)) for mark in MARKS.get(name, ())})
        where = [s.name for s in SCENARIOS if any(p.kind == kind for p in s.parts)]
        told = ", ".join(where[:3]) + (f" and {len(where) - 3} more" if len(where) > 3 else "")
        rows.append((_code(kind), sentence_of(kind), ", ".join(marks) or "–", told))
    return markdown_table(("part", "what it does", "declared marks", "in"), rows)


def _clues() -> str:
    subjects = (("cluster", CLUSTER_CLUES), ("account", ACCOUNT_CLUES))
    rows = [(clue.__name__.replace("_", " "), of, _plain(clue.__doc__)) for of, clues in subjects for clue in clues]
    return markdown_table(("clue", "about a", "what it says"), rows)


def _thresholds() -> str:
    rows = [(_code(t.name), _value(t.value), t.decides, t.reason) for t in THRESHOLDS]
    return markdown_table(("threshold", "value", "what it decides", "why"), rows)


def _value(value: object) -> str:
    return " to ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _api() -> str:
    parts = ["### `graphscan`", *(_callable(f"gs.{f.__name__}", f) for f in (graphscan.run, graphscan.read_run))]
    for kind in (Run, ClusterView, Explanation, Behaviour, Source):
        parts += [f"### `{kind.__name__}`", _docstring(kind)]
        members = {name: value for base in reversed(kind.__mro__) for name, value in vars(base).items()}
        parts += [_member(name, value) for name, value in sorted(members.items()) if _is_told(name, value)]
    return "\n\n".join(parts)


def _is_told(name: str, value: object) -> bool:
    return not name.startswith("_") and (isinstance(value, property | classmethod) or inspect.isfunction(value))


def _member(name: str, value: Any) -> str:
    if isinstance(value, property):
        return f"**`.{name}`**: {_docstring(value)}"
    return _callable(f".{name}", value.__func__ if isinstance(value, classmethod) else value)


def _callable(name: str, function: Callable[..., Any]) -> str:
    given = [_parameter(p) for p in inspect.signature(function).parameters.values() if p.name not in ("self", "cls")]
    return f"**`{name}({', '.join(given)})`**: {_docstring(function)}"


def _parameter(parameter: inspect.Parameter) -> str:
    star = (
        "*" if parameter.kind is parameter.VAR_POSITIONAL else "**" if parameter.kind is parameter.VAR_KEYWORD else ""
    )
    default = "" if parameter.default is inspect.Parameter.empty else f"={parameter.default!r}"
    return f"{star}{parameter.name}{default}"


def _docstring(of: object) -> str:
    """Return a docstring as Markdown: sections as lists, references to code as code."""
    text = re.sub(r":\w+:`~?([^`]+)`", r"`\1`", (inspect.getdoc(of) or "").replace("``", "`"))
    text = re.sub(r"^(\w+)\n-+$", r"*\1*\n", text, flags=re.M)
    return re.sub(r"^([\w.]+)\n    (.+)$", r"- `\1`: \2", text, flags=re.M)


def _policy_keys() -> str:
    sections = [(f"`[{name}]`", keys) for name, keys in SECTIONS.items()]
    sections += [("`[[rule]]`", RULE_KEYS), ("a step of a ladder, `otherwise`", STEP_KEYS)]
    tables = [
        f"**{name}**\n\n{markdown_table(('key', 'default', 'allowed', 'meaning'), _keys(keys))}"
        for name, keys in sections
    ]
    more = markdown_table(("table of a rule", "meaning"), [(_code(name), text) for name, text in RULE_TABLES.items()])
    numbers = f"Numbers that conditions may ask: {', '.join(map(_code, NUMBERS))}."
    return "\n\n".join([*tables, more, f"{numbers} Flags: {', '.join(map(_code, FLAGS))}."])


def _keys(keys: Mapping[str, Key]) -> list[tuple[str, str, str, str]]:
    return [(_code(n), _policy_default(k), k.allowed, k.meaning) for n, k in keys.items()]


def _policy_default(key: Key) -> str:
    if not key.has_default:
        return "must be there"
    return "none" if key.default is None else _code(json.dumps(key.default, ensure_ascii=False))


def _guards() -> str:
    rows = [(_code(guard.__name__), _plain(guard.__doc__)) for guard in GUARDS]
    return markdown_table(("guard", "what it holds"), rows)


def _policy_rules() -> str:
    rows = [
        (
            _code(r.id),
            r.says,
            _asked(r.when),
            " → ".join(map(_step, r.ladder)),
        )
        for r in read_policy().rules
    ]
    return markdown_table(("rule", "says", "when all hold", "measure"), rows)


def _asked(when: When) -> str:
    """Everything that a rule asks for, alternatives last."""
    asked = [f"`{c.fact}` {c.words}" for c in when.conditions] + [f"family {name}" for name in when.has]
    either = [f"either {' or '.join(f'({_asked(a)})' for a in when.any)}"] if when.any else []
    return ", ".join(asked + either)


def _step(step: Step) -> str:
    words = step.detail.replace("_", " ") + (f" {step.days} days" if step.days else "")
    return words if step.max_count is None else f"{words} (to {step.max_count})"


def _moves() -> str:
    rows = [(_code(m.state or "") or "–", _code(m.event), m.who, _ends(m), m.emits or "", m.guard) for m in MOVES]
    return markdown_table(("from", "event", "by", "to", "sends", "when"), rows)


def _ends(move: Move) -> str:
    return " or ".join(map(_code, move.to))


PIECES: Mapping[str, Callable[[], str]] = {
    "dataset-tables": lambda: _tables(INPUT_TABLES),
    "abilities": _abilities,
    "run-tables": lambda: _tables(RUN_TABLES),
    "meeting-pairs": lambda: _tables((MEETING_PAIRS,)),
    "commands": _commands,
    "settings": _settings,
    "job-options": _job_options,
    "pass-tables": lambda: _tables(PASS_TABLES),
    "behaviours": _behaviours,
    "formats": _formats,
    "scenarios": _scenarios,
    "world-parts": _parts,
    "clues": _clues,
    "thresholds": _thresholds,
    "api": _api,
    "policy-rules": _policy_rules,
    "policy-keys": _policy_keys,
    "guards": _guards,
    "ledger-moves": _moves,
}
"""Every generated piece by the name in its markers. A piece is added by one function and one line here."""


if __name__ == "__main__":
    sys.exit(main())
