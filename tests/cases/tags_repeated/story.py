"""Two accounts use the same eight lists of three tags in the same order."""


def act(world, who, what, at):
    world.post(who, at, tags=[f"春季{what}", "#穿搭[话题]#", "OOTD" if who == "f1" else "ootd"])


def quiet_when_there_are_only_two(world, meet):
    """Two tags are everyday."""
    meet(lambda world, who, what, at: world.post(who, at, tags=[f"春季{what}", "穿搭"]))


def quiet_when_the_order_differs(world, meet):
    """Who picks from the same list picks in an order of their own."""

    def shuffled(world, who, what, at):
        tags = [f"春季{what}", "穿搭", "ootd"]
        world.post(who, at, tags=tags if who == "f1" else tags[::-1])

    meet(shuffled)


def quiet_when_tags_stand_for_nothing(world, meet):
    """A form that fills empty fields with placeholders gives everybody the same."""
    nothing = ["n/a", "未知", "none", "NULL", "默认", "unknown", "nil", "undefined"]
    meet(lambda world, who, what, at: world.post(who, at, tags=["春", nothing[what], "无", "na"]))
