"""Two accounts put the same eight links, dressed differently, into a note and a comment."""

DRESS = {"f1": "https://www.Shop.example/item/{what}/?utm_source=a#top", "f2": "shop.example/item/{what}"}


def act(world, who, what, at):
    link = DRESS.get(who, "http://shop.example/item/{what}?xsec_token=q").format(what=what)
    if who == "f1":
        world.post(who, at, links=[link])
    else:
        world.comment(who, f"note under {who}", at, links=[link])


def quiet_when_the_links_say_nothing(world, meet):
    """Blanks and placeholders are no product."""
    nothing = ["", " ", "-", "NULL", "未知", "n/a", "0", "undefined"]
    meet(lambda world, who, what, at: world.post(who, at, links=[nothing[what]]))


def quiet_when_the_products_differ_in_what_the_address_asks_for(world, meet):
    """id=1 and id=2 are two products."""
    meet(lambda world, who, what, at: world.post(who, at, links=[f"https://shop.example/item?id={who}{what}"]))
