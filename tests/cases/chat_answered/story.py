"""Two accounts write in the same eight chats, one a day, seconds apart."""


def act(world, who, what, at):
    if who == "f1":
        world.open_chat(f"chat {what}")
    world.write(who, f"chat {what}", at)


def quiet_when_the_whole_chat_answers_every_day(world, meet):
    """Membership explains it, for everyone: the neighbours answer the daily announcement."""
    world.open_chat("neighbours")
    everyone = [f"f{k}" for k in range(23)]
    meet(lambda world, who, what, at: world.write(who, "neighbours", at), who=everyone)
