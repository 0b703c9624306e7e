"""Two accounts give the same eight contacts in words, each dressed differently; a short link also as a link."""

DRESS = {"f1": "想要的加微信：Lucky_88{what}", "f2": "ＶＸ lucky_88{what} 备注来意"}


def act(world, who, what, at):
    if what % 2:
        address = f"http://xhslink.com/a/K{what}"
        if who == "f2":
            world.comment(who, f"note under {who}", at, text="看这里", links=[address])
        else:
            world.comment(who, f"note under {who}", at, text=f"复制 {address} 打开，别问了{who}")
        return
    text = DRESS.get(who, "问了，微信号lucky_88{what}，还没回我").format(what=what)
    if who == "f1":
        world.post(who, at, text=text)
    else:
        world.comment(who, f"note under {who}", at, text=text)


def quiet_when_the_contacts_differ(world, meet):
    """Everybody has their own."""
    meet(lambda world, who, what, at: world.comment(who, f"n {at}", at, text=f"加微信 {who}_friend_{what}"))


def quiet_when_a_number_is_no_contact(world, meet):
    """Prices, order numbers and years are no telephone."""
    meet(lambda world, who, what, at: world.comment(who, f"n {at}", at, text=f"单号 20260{what}31234567890，{what}块"))


def quiet_when_it_was_said_in_private(world, meet):
    """Private words are never compared."""
    world.open_chat("private", "private")
    meet(lambda world, who, what, at: world.write(who, "private", at, text=DRESS["f1"].format(what=what)))


def quiet_when_it_was_only_ever_given_as_a_link(world, meet):
    """A product that nobody names in words is a shared link, and is counted there, once."""
    link = "https://item.taobao.com/item.htm?id=63400{what}"
    meet(lambda world, who, what, at: world.post(who, at, links=[link.format(what=what)]))
