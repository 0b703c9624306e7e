"""The questions of ``queries/*.cypher``: read with their headers, filled with parameters, asked of a server.

In: Cypher files whose first lines are ``// name:``, ``// asks:``, ``// gives:``, ``// use:``, and perhaps
``// param NAME: KIND = DEFAULT (what it is)`` and ``// needs:``. Out: :class:`Question`, :class:`Answer`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphscan.errors import InputError

MAX_LIMIT = 300
"""Rows that a question may return at most: Browser draws no more nodes than that at first."""
_PACKAGED = Path(__file__).with_name("queries")
_IN_SOURCES = Path(__file__).parents[2] / "queries"
_HEADER = re.compile(r"// (name|asks|gives|use|needs): (.+)\Z")
_PARAMETER = re.compile(r"// param (\w+): (text|int|float) = (\S+) \((.+)\)\Z")
_COLUMN = re.compile(r"(\w+): (text|int|float|time|bool|list|node|path)(\??)\Z")
_SAFE_LITERAL = re.compile(r"[\w./:?=&%+-]*\Z")

Value = str | int | float | None


@dataclass(frozen=True)
class Parameter:
    """One parameter: its name, kind (text, int or float), default, and what it is."""

    name: str
    kind: str
    default: Value
    meaning: str

    def parsed(self, text: str) -> Value:
        """Return a value given as text; InputError when it is not of the parameter's kind."""
        if text == "null":
            return None
        try:
            return int(text) if self.kind == "int" else float(text) if self.kind == "float" else text
        except ValueError:
            raise InputError(f"parameter {self.name} = {text!r}; allowed is a {self.kind} or null") from None


@dataclass(frozen=True)
class Gives:
    """One column of the answer: its name, the kind of its values, and whether they may be null."""

    name: str
    kind: str
    nullable: bool


@dataclass(frozen=True)
class Question:
    """One question: what it asks, what it gives, when to use it, and its Cypher."""

    slug: str
    name: str
    asks: str
    gives: tuple[Gives, ...]
    use: str
    needs: str | None
    parameters: tuple[Parameter, ...]
    cypher: str

    @property
    def limit(self) -> int:
        """The number behind its last LIMIT: how many rows it gives at most."""
        return int(re.findall(r"\bLIMIT (\d+)", self.cypher)[-1])

    def as_json(self) -> dict[str, Any]:
        """Return the header as plain values."""
        gives = {g.name: g.kind + ("?" if g.nullable else "") for g in self.gives}
        parameters = [vars(p) for p in self.parameters]
        told = {
            "question": self.slug,
            "name": self.name,
            "asks": self.asks,
            "use": self.use,
            "needs": self.needs,
        }
        return {**told, "gives": gives, "parameters": parameters, "limit": self.limit}

    def lines(self) -> list[str]:
        """Return the header for people."""
        parameters = [f"      --param {p.name}={p.default or 'null'}  {p.meaning}" for p in self.parameters]
        return [f"{self.slug}", f"    {self.asks}", *parameters]

    def values(self, given: Mapping[str, str]) -> dict[str, Value]:
        """Return a value for each parameter, the default where none is given; InputError for an unknown name."""
        known = {p.name: p for p in self.parameters}
        for name in given:
            if name not in known:
                allowed = ", ".join(known) or "none"
                raise InputError(f"question {self.slug} has no parameter {name!r}; allowed: {allowed}")
        return {n: p.parsed(given[n]) if n in given else p.default for n, p in known.items()}

    def filled(self, values: Mapping[str, Value] | None = None) -> str:
        r"""Return the Cypher with literals in place of parameters, for Browser, where nobody sets parameters first.

        Only values that cannot end a literal are put in: Cypher reads ``\\u0027`` as a quote even inside quotes.
        """
        taken = {p.name: p.default for p in self.parameters} | dict(values or {})
        return re.sub(r"\$(\w+)", lambda m: literal(taken[m[1]]), self.cypher)


def literal(value: Value) -> str:
    """Return a Cypher literal; InputError for a text with characters outside of words and addresses."""
    if value is None:
        return "null"
    if isinstance(value, str):
        if not _SAFE_LITERAL.match(value):
            raise InputError(f"{value!r} cannot stand in a shown query; give it as a parameter")
        return f"'{value}'"
    return repr(value)


def questions_folder() -> Path:
    """Return where the questions lie: inside an installed package, or in the sources beside it."""
    return _PACKAGED if _PACKAGED.is_dir() else _IN_SOURCES


def read_questions(folder: Path | None = None) -> tuple[Question, ...]:
    """Return all questions in the order of their file names.

    Raises
    ------
    InputError
        When the folder holds none, or a header is not as it must be.
    """
    found = folder or questions_folder()
    files = sorted(found.glob("*.cypher"))
    if not files:
        raise InputError(f"{found} holds no *.cypher file")
    return tuple(parse(path.stem, path.read_text(encoding="utf-8")) for path in files)


def find_question(name: str, questions: Sequence[Question]) -> Question:
    """Return the question of that file name, its number, or its name without the number; InputError for none."""
    for question in questions:
        number, _, rest = question.slug.partition("_")
        if name in (question.slug, rest) or (name.isdecimal() and int(name) == int(number)):
            return question
    raise InputError(f"no question {name!r}; allowed: {', '.join(q.slug for q in questions)}")


def parse(slug: str, text: str) -> Question:
    """Return the question that a file's text declares; InputError naming what its header lacks."""
    head = [line for line in text.splitlines() if line.startswith("//")]
    body = "\n".join(line for line in text.splitlines() if not line.startswith("//")).strip()
    told: dict[str, str] = {}
    parameters: list[Parameter] = []
    for line in head:
        if match := _HEADER.match(line):
            told[match[1]] = match[2]
        elif match := _PARAMETER.match(line):
            parameters.append(_parameter(match))
        else:
            raise InputError(f"question {slug}: header line {line!r}; allowed: name, asks, gives, use, needs, param")
    _check(slug, told, body, parameters)
    gives = tuple(_gives(slug, part) for part in told["gives"].split(", "))
    return Question(slug, told["name"], told["asks"], gives, told["use"], told.get("needs"), tuple(parameters), body)


def _parameter(match: re.Match[str]) -> Parameter:
    name, kind, default, meaning = match.groups()
    empty = Parameter(name, kind, None, meaning)
    return Parameter(name, kind, empty.parsed(default), meaning)


def _gives(slug: str, part: str) -> Gives:
    match = _COLUMN.match(part)
    if match is None:
        raise InputError(f"question {slug}: gives {part!r}; allowed is NAME: KIND, or NAME: KIND? where null may come")
    return Gives(match[1], match[2], bool(match[3]))


def _check(slug: str, told: Mapping[str, Any], body: str, parameters: Sequence[Parameter]) -> None:
    for name in ("name", "asks", "gives", "use"):
        if name not in told:
            raise InputError(f"question {slug}: its header lacks {name}")
    used, declared = set(re.findall(r"\$(\w+)", body)), {p.name for p in parameters}
    if used != declared:
        raise InputError(f"question {slug}: parameters {sorted(used ^ declared)} are declared or used, not both")
    limits = [int(n) for n in re.findall(r"\bLIMIT (\d+)\s*\Z", body)]
    if not limits or limits[0] > MAX_LIMIT:
        raise InputError(f"question {slug}: must end with a LIMIT of at most {MAX_LIMIT}")
