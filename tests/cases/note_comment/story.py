"""Two accounts comment under the same eight notes, seconds apart."""


def act(world, who, what, at):
    world.comment(who, f"note {what}", at)


def quiet_under_their_own_notes(world, meet):
    """One of the two wrote the notes: an author under the own note is no co-actor."""
    for what in range(8):
        world.post("f1", at=0, note_id=f"note {what}")
    meet(act)


def quiet_under_a_note_that_everybody_is_under(world, meet):
    """Eight launches, each answered by the same crowd within a few minutes."""
    meet(act, who=[f"f{k}" for k in range(41)], apart=0.15)
