"""What is said in private stays there: no file of a run holds a word of a private chat, whatever ties its people."""

import pytest

from graphscan.pipeline import scan_dataset
from graphscan.settings import make_settings

from ..cases.worlds import World, meet, passers_by

SECRET = "只告诉你一个人的秘密别跟别人说我喜欢他"
SPOKEN = "大家好今天团购的水果到了请来门口取一下谢谢"


def comment(world, who, what, at):
    world.comment(who, f"note {what}", at)


def whisper(chat):
    def act(world, who, what, at):
        world.write(who, chat.format(what), at, text=f"{SECRET}{what}", reply_to=f"message-{what}")

    return act


def speak(world, who, what, at):
    world.write(who, f"group {what}", at, text=f"{SPOKEN}{what}")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Six friends meet under notes and in private chats, one chat of which nobody knows the kind, and one group."""
    world, who = World(), [f"f{k}" for k in range(6)]
    for what in range(20):
        world.open_chat(f"private {what}", "private")
        world.open_chat(f"group {what}")
    meet(world, comment, who=who)
    for chat in ("private {}", "unknown {}"):
        meet(world, whisper(chat), who=who)
    meet(world, speak, who=who)
    for act in (comment, speak, whisper("other {}")):
        passers_by(world, act)
    folder = tmp_path_factory.mktemp("private")
    return scan_dataset(world.write_to(folder / "dataset"), folder / "run", make_settings())


def test_the_friends_are_found_also_by_their_chats(run):
    assert {"note_comment", "chat_answered", "text_copied"} <= set(run.pairs["behaviour"])
    rows = run.frame("rows")
    assert (rows["on"].str.startswith("private") & rows["text"].isna()).any()


def test_no_file_of_the_run_holds_a_private_word(run):
    texts = [f for f in run.path.rglob("*") if f.suffix in (".html", ".csv", ".json", ".gexf", ".svg")]
    assert len(texts) > 5
    assert [f.name for f in texts if "秘密" in f.read_text(encoding="utf-8")] == []
    for table in run.path.glob("*.parquet"):
        assert not run.frame(table.stem).astype(str).apply(lambda c: c.str.contains("秘密")).any(axis=None), table.name


def test_words_of_a_group_are_kept_as_evidence(run):
    assert run.frame("rows")["text"].dropna().str.contains("团购").any()
    assert not run.pairs[run.pairs["behaviour"] == "text_copied"].empty
