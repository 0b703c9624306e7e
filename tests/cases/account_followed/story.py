"""Two accounts follow the same eight accounts, seconds apart."""


def act(world, who, what, at):
    world.react(who, "follow", f"account {what}", at, target_kind="account")


def quiet_when_they_follow_notes_of_the_same_name(world, meet):
    """Only accounts are followed; a row that says otherwise is another thing."""
    meet(lambda world, who, what, at: world.react(who, "follow", f"account {what}", at))


def quiet_when_a_crowd_follows_the_suggested_accounts(world, meet):
    """Forty-one people follow the eight suggested accounts in one sitting: one crowd's burst."""
    meet(act, who=[f"f{k}" for k in range(41)], apart=0.15)
