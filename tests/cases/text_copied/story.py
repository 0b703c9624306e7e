"""Two accounts write the same eight texts, but for case, marks, width and emoji."""

WORDS = "姐妹们这款面霜真的太好用了我已经回购三次了 Really {what}"


def act(world, who, what, at):
    text = WORDS.format(what=what)
    if who == "f1":
        world.comment(who, f"note {at}", at, text=f"{text.upper()}！！[哭惹R]")
    else:
        world.post(who, at, text=f"🌸 {text}~")


def quiet_when_it_is_an_everyday_word(world, meet):
    """Short words are no object: everybody says thanks."""
    words = ["谢谢", "好看", "收到", "求链接", "哈哈哈哈", "first!", "thank you", "已收藏"]
    meet(lambda world, who, what, at: world.comment(who, f"note {at}", at, text=words[what]))


def quiet_when_it_was_said_in_private(world, meet):
    """Private words are never compared, even by the same two people in the same chat."""
    world.open_chat("private", "private")
    meet(lambda world, who, what, at: world.write(who, "private", at, text=WORDS.format(what=what)))


def quiet_when_the_kind_of_chat_is_not_known(world, meet):
    """A chat of unknown kind counts as private."""
    world.open_chat("some other chat")
    meet(lambda world, who, what, at: world.write(who, f"chat {who}", at, text=WORDS.format(what=what)))
