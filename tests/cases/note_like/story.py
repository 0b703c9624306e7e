"""Two accounts like the same eight notes, seconds apart."""


def act(world, who, what, at):
    world.react(who, "like", f"note {what}", at)


def quiet_when_they_only_viewed_them(world, meet):
    """A view is no like, and views tie nobody."""
    meet(lambda world, who, what, at: world.react(who, "view", f"note {what}", at))


def quiet_when_they_liked_comments_of_the_same_name(world, meet):
    """Comment 7 is not note 7."""
    meet(lambda world, who, what, at: world.react(who, "like", f"note {what}", at, target_kind="comment"))
