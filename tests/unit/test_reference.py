from __future__ import annotations

import argparse
import ast
import re
from pathlib import Path

import pytest

from graphscan.behaviours.library import BEHAVIOURS
from graphscan.cli import build_parser
from graphscan.errors import InputError
from graphscan.ledger.states import MOVES
from graphscan.reference import (
    EVERYWHERE,
    PIECES,
    action_names,
    all_commands,
    command_names,
    main,
    markdown_table,
    pieces_of,
    renew,
    rewrite,
)
from graphscan.reports.views import ClusterView
from graphscan.run import Run
from graphscan.settings import Settings
from graphscan.tables import INPUT_TABLES, RUN_TABLES
from graphscan.thresholds import THRESHOLDS

PACKAGE = Path(__file__).parents[2] / "graphscan"
UNITS = ("DAY_MS", "HOUR_MS", "UNKNOWN_MS")


def a_page(piece: str = "settings", body: str = "stale words\n") -> str:
    return f"# Page\n\nBefore.\n\n<!-- begin {piece} -->\n{body}<!-- end {piece} -->\n\nAfter.\n"


def test_a_piece_is_made_anew_and_the_words_around_it_stay() -> None:
    page = renew(a_page(), "page.md")
    assert page.startswith("# Page\n\nBefore.\n\n<!-- begin settings -->\n\n| setting |")
    assert page.endswith("\n\n<!-- end settings -->\n\nAfter.\n")
    assert "stale words" not in page


def test_renewing_twice_changes_nothing_more() -> None:
    once = renew(a_page(body=""), "page.md")
    assert renew(once, "page.md") == once


def test_two_pieces_of_one_page_keep_their_places() -> None:
    page = renew(a_page("formats") + a_page("scenarios"), "page.md")
    assert pieces_of(page) == ["formats", "scenarios"]
    assert page.index("mediacrawler") < page.index("small_world")


def test_an_unknown_piece_is_an_error_that_names_page_and_choice() -> None:
    with pytest.raises(InputError, match=r"page run\.md: unknown piece 'motives'; allowed: dataset-tables, "):
        renew(a_page("motives"), "run.md")


@pytest.mark.parametrize(
    "page",
    [
        "<!-- begin settings -->\n",
        "<!-- end settings -->\n",
        "<!-- begin settings -->\n<!-- end formats -->\n",
    ],
)
def test_an_open_piece_is_an_error(page: str) -> None:
    with pytest.raises(InputError, match=r"page run\.md: a piece is not closed"):
        renew(page, "run.md")


def test_only_pages_that_changed_are_written_and_named(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("no piece\n", encoding="utf-8")
    (tmp_path / "b.md").write_text(a_page(), encoding="utf-8")
    assert rewrite(tmp_path) == ["b.md"]
    assert rewrite(tmp_path) == []
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == "no piece\n"


def test_one_bad_page_leaves_every_page_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(a_page(), encoding="utf-8")
    (tmp_path / "b.md").write_text(a_page("motives"), encoding="utf-8")
    with pytest.raises(InputError):
        rewrite(tmp_path)
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == a_page()


def test_a_folder_without_pages_ends_with_one_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"graphscan.reference: folder {tmp_path} holds no page (*.md)\n"


def test_the_command_names_what_it_rewrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.md").write_text(a_page(), encoding="utf-8")
    assert main([str(tmp_path)]) == 0
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out == "a.md\nevery page is up to date\n"


def test_bars_and_line_breaks_stay_inside_their_cell() -> None:
    assert markdown_table(("a", "b"), [("s|ms", "two\n  lines")]) == "| a | b |\n| --- | --- |\n| s\\|ms | two lines |"


@pytest.mark.parametrize("table", [*INPUT_TABLES, *RUN_TABLES], ids=lambda table: table.name)
def test_every_column_of_every_table_is_told(table: object) -> None:
    told = PIECES["dataset-tables"]() + PIECES["run-tables"]()
    for column in table.columns:  # type: ignore[attr-defined]
        assert f"| `{column.name}` | " in told
        assert column.meaning in told


def test_a_choice_tells_its_values_and_a_reference_its_table() -> None:
    told = PIECES["dataset-tables"]()
    assert "| `kind` | `group` or `private` | yes |" in told
    assert "| `reply_to` | id (text) |  | the comment it answers (→ `comments`) |" in told


def test_every_setting_is_told_with_its_default() -> None:
    told = PIECES["settings"]()
    for name in Settings.__dataclass_fields__:
        assert f"| `{name}` | " in told
    assert '| `timezone` | `"UTC"` |' in told


def test_every_behaviour_is_told_with_its_answer_to_popular_objects() -> None:
    told = PIECES["behaviours"]()
    for behaviour in BEHAVIOURS:
        assert f"### `{behaviour.name}`" in told
        assert f"- popular objects: {behaviour.popularity}" in told


def test_every_command_of_the_help_is_told() -> None:
    assert command_names()
    told, helped = PIECES["commands"](), build_parser().format_help()
    for name in command_names():
        assert f"### `graphscan {name}`" in told
        assert f"    {name} " in helped or f"    {name}\n" in helped  # a long name has its line to itself


def sections_of_commands() -> dict[str, str]:
    parts = PIECES["commands"]().split("### `graphscan ")[1:]
    return {part.split("`", 1)[0]: " ".join(part.split()) for part in parts}


def test_the_reference_tells_every_option_of_the_help_and_no_other() -> None:
    told = sections_of_commands()
    assert list(told) == list(all_commands())
    for name, parser in all_commands().items():
        helped = parser.format_help()
        hidden = [a for a in parser._actions if a.help == argparse.SUPPRESS]
        in_help = set(re.findall(r"(?<![\w-])--?[a-z][\w-]*", helped.split("options:")[-1]))
        for action in parser._actions:
            if action in hidden or action.dest in EVERYWHERE:
                continue
            assert " ".join((action.help or "").replace("%%", "%").replace("|", "\\|").split()) in told[name], (
                f"{name}: {action.dest}"
            )
            for option in action.option_strings:
                assert option in in_help, f"{name} {option} is not in --help"
        cells = re.findall(r"\| `(--?[^`]+)` \|", told[name])
        named = {option for cell in cells for option in re.findall(r"--?[a-z][\w-]*", cell)}
        assert named == {
            o for a in parser._actions if a not in hidden and a.dest not in EVERYWHERE for o in a.option_strings
        }


def test_every_help_text_is_a_sentence_of_its_own() -> None:
    for name, parser in all_commands().items():
        assert parser.description, name
        silent = [a.dest for a in parser._actions if not a.help]
        assert silent in ([], ["action"]) or not [d for d in silent if d not in ("action", "step")], f"{name}: {silent}"


def test_the_api_tells_every_public_name_with_what_it_takes() -> None:
    told = PIECES["api"]()
    for name in ("gs.run(dataset, out=None, behaviours=(), **settings)", "gs.read_run(path)", ".cluster(cluster_id)"):
        assert f"**`{name}`**" in told
    for kind in (Run, ClusterView):
        assert all(f"**`.{n}" in told for n in dir(kind) if not n.startswith("_"))
    assert "``" not in told and ":class:" not in told and ":func:" not in told


def test_every_action_of_a_command_is_told_under_it() -> None:
    told = PIECES["commands"]()
    assert {"review approve", "appeal overturn", "apply plan", "audit verify"} <= set(action_names())
    for name in action_names():
        command = name.split(" ")[0]
        under = told.split(f"### `graphscan {command}`")[1].split("\n### ")[0]
        assert f"#### `graphscan {name}`" in under
    assert "what to do: `list`, `show`, `approve`" in told


def test_options_that_an_action_shares_with_its_command_are_told_once() -> None:
    told = PIECES["commands"]()
    assert "--ledger" in told.split("### `graphscan review`")[1].split("#### ")[0]
    assert "--ledger" not in told.split("#### `graphscan review approve`")[1].split("#### ")[0]


def test_every_move_of_a_decision_is_told() -> None:
    told = PIECES["ledger-moves"]()
    assert "| `APPLIED` | `overturn` | person | `REVERSING` | reverse | an appeal was accepted" in told
    assert len(told.splitlines()) == 2 + len(MOVES)


def test_what_a_command_needs_comes_first() -> None:
    told = PIECES["commands"]().split("### `graphscan pairs`")[1]
    assert (
        told.index("`DATASET` | yes") < told.index("`--out PAIRS.parquet` | yes") < told.index("`--window SECONDS` |")
    )


def constants_of(path: Path) -> set[str]:
    """Names in capitals to which a module assigns a number, or a tuple of what is not text."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name, value = node.targets[0].id, node.value
            number = isinstance(value, ast.Constant) and isinstance(value.value, int | float)
            numbers = isinstance(value, ast.Tuple) and all(isinstance(e, ast.Constant) for e in value.elts)
            if name.isupper() and not name.startswith("_") and (number or numbers):
                found.add(name)
    return found


@pytest.mark.parametrize("room", ["behaviours", "groups"])
def test_every_threshold_of_the_method_is_told_with_a_reason(room: str) -> None:
    told = {threshold.name for threshold in THRESHOLDS if threshold.reason}
    used = {name for path in (PACKAGE / room).glob("*.py") for name in constants_of(path)}
    assert used - set(UNITS) - told == set()
