import pytest

from graphscan.errors import SettingsError
from graphscan.graphstore.access import find_access


def secret(tmp_path, text="s3cret\n", mode=0o600):
    path = tmp_path / "secret"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_what_is_given_goes_before_the_environment(tmp_path):
    around = {"NEO4J_URI": "bolt://a:1", "NEO4J_USER": "u", "NEO4J_PASSWORD": "p"}
    found = find_access(None, environment=around)
    assert (found.uri, found.auth) == ("bolt://a:1", ("u", "p"))
    found = find_access("neo4j+s://b", "v", secret(tmp_path), environment=around)
    assert (found.uri, found.auth) == ("neo4j+s://b", ("v", "s3cret"))
    assert find_access("bolt://a:1", environment={}).auth is None


def test_the_password_does_not_show():
    assert "hunter2" not in repr(find_access("bolt://a", environment={"NEO4J_PASSWORD": "hunter2"}))


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        (None, "no server: give --uri"),
        ("http://a:7474", "allowed is one of bolt"),
        ("localhost:7687", "allowed is one of bolt"),
        ("bolt://", "allowed is one of bolt"),
        ("bolt://neo4j:hunter2@a", "holds a user or a password"),
    ],
)
def test_an_address_that_is_none_is_told_without_its_password(uri, message):
    with pytest.raises(SettingsError, match=message) as caught:
        find_access(uri, environment={})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_password_file_that_others_can_read_is_refused(tmp_path, mode):
    with pytest.raises(SettingsError, match=f"mode {mode:04o}; allowed is 0600"):
        find_access("bolt://a", None, secret(tmp_path, mode=mode))


def test_a_password_file_must_be_there_and_hold_one(tmp_path):
    with pytest.raises(SettingsError, match="does not exist"):
        find_access("bolt://a", None, tmp_path / "none")
    with pytest.raises(SettingsError, match="is empty"):
        find_access("bolt://a", None, secret(tmp_path, "\n"))
