"""Two accounts collect the same eight notes, seconds apart."""


def act(world, who, what, at):
    world.react(who, "collect", f"note {what}", at)


def quiet_when_one_collects_what_the_other_likes(world, meet):
    """Each deed is a layer of its own."""

    def either(world, who, what, at):
        world.react(who, "collect" if who == "f1" else "like", f"note {what}", at)

    meet(either)
