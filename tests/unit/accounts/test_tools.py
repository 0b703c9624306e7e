import numpy as np
import pyarrow as pa
import pytest

from graphscan.accounts.deeds import gather_deeds
from graphscan.accounts.tool_list import AGENT, EXEMPT, NO_DATA, ORDINARY, ToolList, classify, default_tools, read_tools
from graphscan.accounts.tools import tool_use
from graphscan.behaviours.accounts import list_accounts
from graphscan.errors import SettingsError

from .told import HOUR, START, dataset, notes


@pytest.mark.parametrize(
    ("client", "kind"),
    [
        ("openclaw/0.9.4", AGENT),
        ("OpenClaw/1.0 (nightly)", AGENT),
        (" openclaw ", AGENT),
        ("xiaohongshu-mcp/2.1", AGENT),
        ("scheduler/2.1", EXEMPT),
        ("TalkBack/14", EXEMPT),
        ("app-ios/8.31.0", ORDINARY),
        ("my-openclaw-notes-reader", ORDINARY),
        ("web/5.2\nopenclaw/1", ORDINARY),
        ("未知客户端", ORDINARY),
    ],
)
def test_the_built_in_list(client, kind):
    assert default_tools().kind(client) == kind


def test_doubt_never_accuses():
    assert ToolList(("*claw*",), ("licensed-*",)).kind("licensed-claw") == EXEMPT


def test_brackets_and_spaces_of_patterns_mean_what_file_names_mean():
    assert ToolList(("agent [1]",), ()).kind("agent 1") == AGENT
    assert ToolList((".*",), ()).kind("app") == ORDINARY


def test_missing_blank_and_placeholder_clients_are_no_data():
    kinds = classify(
        pa.chunked_array([["openclaw/1", None, "  ", "Unknown"], ["app", "scheduler/1"]]), default_tools(), ("unknown",)
    )
    assert kinds.tolist() == [AGENT, NO_DATA, NO_DATA, NO_DATA, ORDINARY, EXEMPT]


def test_a_list_of_ones_own(tmp_path):
    path = tmp_path / "tools.toml"
    path.write_text('agent = ["robot/*"]\n', encoding="utf-8")
    assert read_tools(path) == ToolList(("robot/*",), ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("agents = []", "unknown key 'agents'; allowed: agent, exempt"),
        ('agent = "openclaw"', "agent = 'openclaw': allowed is a list"),
        ('agent = ["*"]', "allowed is a list of patterns that name something"),
        ("agent = [1]", "allowed is a list"),
        ("agent = [", "is not valid TOML"),
    ],
)
def test_mistakes_in_a_list_are_told(tmp_path, text, said):
    path = tmp_path / "tools.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as told:
        read_tools(path)
    assert said in str(told.value)


def test_a_list_that_is_not_there_is_told(tmp_path):
    with pytest.raises(SettingsError, match="does not exist"):
        read_tools(tmp_path / "none.toml")


def use_of(data):
    accounts = list_accounts(data)
    tools = default_tools()
    return tool_use(data, accounts, gather_deeds(data, accounts, tools), tools)


def comment(who, i, client):
    return {
        "comment_id": f"{who}{i}",
        "note_id": "x",
        "account_id": who,
        "created_at": START + i * HOUR,
        "client": client,
    }


def test_counts_leave_out_what_is_not_known():
    data = dataset(
        accounts=[
            {"account_id": "a", "client": "openclaw/1"},
            {"account_id": "b"},
            {"account_id": "c", "client": "app"},
        ],
        notes=notes("a", [START], client="openclaw/1")
        + notes("b", [START])
        + notes("c", [START], client="scheduler/2"),
        comments=[comment("a", 1, "openclaw/1"), comment("a", 2, "app"), comment("a", 3, None)],
    )
    use = use_of(data)
    assert use.known.tolist() == [[1, 2, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0]]
    assert use.agent.tolist() == [[1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert use.exempt.tolist() == [[0, 0, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0]]
    np.testing.assert_array_equal(use.registered_by_agent, [1, np.nan, 0])
    np.testing.assert_array_equal(use.posting_share, [1, np.nan, 0])
    np.testing.assert_array_equal(use.interaction_share, [0.5, np.nan, np.nan])
    np.testing.assert_array_equal(use.exempt_share, [0, np.nan, 1])


def test_views_are_no_deeds():
    rows = [
        {
            "account_id": "a",
            "kind": kind,
            "target_kind": "note",
            "target_id": "n",
            "created_at": START,
            "client": "openclaw/1",
        }
        for kind in ("view", "like", "view")
    ]
    assert use_of(dataset(interactions=rows)).known.tolist() == [[0, 0, 0, 1]]


def test_scheduled_deeds_are_in_no_clock():
    data = dataset(notes=notes("a", START + np.arange(40) * HOUR, client="scheduler/2.1"))
    deeds = gather_deeds(data, list_accounts(data), default_tools())
    assert len(deeds) == 40
    assert len(deeds.unscheduled()) == 0
