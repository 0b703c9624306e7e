"""Policy files: what they may say, what is told of every mistake, and that equal policies are one."""

import tomllib

import pytest

from graphscan.decisions.policy import policy_from, read_policy
from graphscan.errors import SettingsError


def changed(**sections):
    loaded = tomllib.loads(read_policy().canonical)
    for section, values in sections.items():
        loaded[section].update(values)
    return loaded


def test_the_canonical_text_reads_back_as_the_same_policy(tmp_path):
    policy = read_policy()
    (tmp_path / "policy.toml").write_text(policy.canonical, encoding="utf-8")
    again = read_policy(tmp_path / "policy.toml")
    assert again == policy
    assert (again.canonical, again.sha256) == (policy.canonical, policy.sha256)


def test_the_policy_that_is_shipped_changes_with_its_version_only():
    """Decisions are told apart by name and version: whoever changes a rule, or its words, gives it a new version, and both here."""
    policy = read_policy()
    assert (policy.name, policy.sha256) == (
        "xhs-ai-managed 2026.2",
        "4b73854de9f23c1c1edf680e18df23f7dbdcc89043f6881c2eb9b4916808d133",
    )


def test_the_order_of_keys_is_not_part_of_a_policy():
    loaded = tomllib.loads(read_policy().canonical)
    turned = {name: loaded[name] for name in reversed(loaded)}
    turned["rule"] = [{key: rule[key] for key in reversed(rule)} for rule in loaded["rule"]]
    assert policy_from(turned, "turned").sha256 == read_policy().sha256


def test_defaults_are_written_out():
    short = {
        "policy": {"id": "mine", "version": "1", "source": "us"},
        "rule": [
            {"id": "r", "says": "So.", "reason": ["R"], "when": {"class_a": ">=1"}, "measure": "warn", "degree": 1}
        ],
    }
    policy = policy_from(short, "mine")
    assert policy.name == "mine 1"
    assert policy.guards.ban_families == 2
    assert "run_ban = 50" in policy.canonical
    assert policy.limits.plan_valid_h == 24


def test_a_changed_value_changes_the_hash():
    assert policy_from(changed(limits={"run_ban": 10}), "x").sha256 != read_policy().sha256


def test_every_mistake_is_told_at_once_with_key_value_and_what_is_allowed():
    loaded = changed(limits={"run_bann": 3, "share_active": 2}, policy={"version": "a b"})
    loaded["rule"][0]["when"] = {"managed_shar": ">=1", "managed_notes": 3, "verified": "yes"}
    loaded["rul"] = []
    with pytest.raises(SettingsError) as told:
        policy_from(loaded, "policy p.toml")
    text = str(told.value)
    for part in (
        "unknown key limits.run_bann; allowed: run_ban, run_any",
        "limits.share_active = 2: allowed is 0 to 1",
        "policy.version = 'a b': allowed is letters",
        "managed_shar = '>=1': no such fact; allowed: actions",
        'managed_notes = 3: allowed is a comparison such as ">=3"',
        "verified = 'yes': allowed is true, false",
        "unknown section 'rul'; allowed: policy",
    ):
        assert part in text
    assert all(line.startswith("policy p.toml: ") for line in text.splitlines())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ban_families", 1),
        ("ban_class_a", 0),
        ("ban_unexplained", 5),
        ("ban_unexplained_share", 0.29),
        ("ban_membership", 0.79),
        ("limit_membership", 0.59),
        ("young_days", 6),
        ("few_actions", 9),
    ],
)
def test_no_policy_is_laxer_than_the_guards(key, value):
    with pytest.raises(SettingsError, match=rf"guards\.{key} = {value}: allowed is"):
        policy_from(changed(guards={key: value}), "lax")


@pytest.mark.parametrize("fact", ["reporters", "scrutiny"])
def test_no_rule_may_read_reports(fact):
    loaded = changed()
    loaded["rule"][2]["when"][fact] = ">=1"
    with pytest.raises(SettingsError, match="reports and what follows from them change no measure"):
        policy_from(loaded, "brigade")


def test_a_rule_that_rests_on_a_cluster_cannot_ban():
    loaded = changed()
    ring = next(rule for rule in loaded["rule"] if rule["basis"] == "cluster")
    ring["ladder"] = [{"degree": 5, "measure": "ban"}]
    ring["otherwise"] = {"degree": 3, "measure": "limit_distribution", "days": 30}
    with pytest.raises(SettingsError, match="guilt does not spread"):
        policy_from(loaded, "mob")


def test_a_limit_without_an_end_and_a_ban_without_a_milder_way_are_refused():
    loaded = changed()
    del loaded["rule"][0]["otherwise"]
    del loaded["rule"][-1]["ladder"][1]["days"]
    with pytest.raises(SettingsError) as told:
        policy_from(loaded, "p")
    assert "needs `otherwise`" in str(told.value)
    assert "every limit has an end in days" in str(told.value)


@pytest.mark.parametrize("tops", [(9, 3, None), (3, 9, 40), (None, 9, None)])
def test_a_ladder_rises_and_its_last_step_has_no_top(tops):
    loaded = changed()
    for step, top in zip(loaded["rule"][-1]["ladder"], tops, strict=True):
        step.pop("max_count", None)
        step.update({} if top is None else {"max_count": top})
    with pytest.raises(SettingsError, match="max_count must rise"):
        policy_from(loaded, "p")


def test_two_rules_of_one_name_are_refused():
    loaded = changed()
    loaded["rule"].append(loaded["rule"][0])
    with pytest.raises(SettingsError, match=r"rule\.id = '2a-managed-life' is given twice"):
        policy_from(loaded, "p")


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "does not exist"), (b"[policy", "is not valid TOML"), (b"\xff", "is not valid TOML")],
)
def test_a_file_that_is_no_policy_is_named(tmp_path, content, message):
    path = tmp_path / "policy.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match=message):
        read_policy(path)
