"""Two accounts answer the same eight comments, seconds apart."""


def act(world, who, what, at):
    world.comment(who, f"note {what % 3}", at, reply_to=f"{what}")


def quiet_when_one_answers_comments_and_the_other_messages(world, meet):
    """Comment 7 is not message 7, though platforms count both from one."""
    world.open_chat("chat")

    def either(world, who, what, at):
        if who == "f1":
            act(world, who, what, at)
        else:
            world.write(who, "chat", at, reply_to=f"{what}")

    meet(either)


def quiet_when_one_answers_what_the_other_is_asked(world, meet):
    """Whoever wrote the comment is no co-actor when answering beneath it."""
    for what in range(8):
        world.comment("f1", "note", 0, comment_id=f"{what}")
    meet(act)
