"""Two accounts post the same eight pictures."""


def act(world, who, what, at):
    world.post(who, at, media=[f"phash:{what:016x}"])


def quiet_when_the_hash_is_a_placeholder(world, meet):
    """A missing picture has the same hash for everybody."""
    nothing = ["0", "-1", "none", "NaN", "null", "", " -- ", "Unknown"]
    meet(lambda world, who, what, at: world.post(who, at, media=[nothing[what]]))
