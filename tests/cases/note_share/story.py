"""Two accounts share the same eight notes, seconds apart."""


def act(world, who, what, at):
    world.react(who, "share", f"note {what}", at)


def quiet_when_it_is_one_note_shared_again_and_again(world, meet):
    """Eight times in one hour is one occasion: a single flash is never evidence."""
    meet(lambda world, who, what, at: act(world, who, 1, at), every=5)
