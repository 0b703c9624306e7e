"""One small town in which every case of the platform's notice lives, told act by act, minutes since Monday midnight.

In: nothing. Out: a :class:`World` of three weeks. Whoever is honest was registered long before and lives by the app; machines keep to no
app but their tool. Passers-by give everything a background.
"""

from ..cases.worlds import DAY, HOUR, World

APP, TOOL, LATE = "app-ios/8.31.0", "openclaw/0.9.4", 20 * DAY
OLD = -400 * DAY


class Town(World):
    """A world whose people have an app, an age, and now and then a network."""

    def settle(self, who, at=OLD, client=APP, **more):
        self.register(who, at)
        self.rows["accounts"][-1].update({"client": client, **more})

    def like(self, who, note, at, client=APP):
        self.react(who, "like", note, at)
        self.rows["interactions"][-1]["client"] = client

    def report(self, who, target, at):
        self._add("reports", at, report_id="report-{n}", reporter_id=who, target_kind="account", target_id=target)


def passers_by(town, people=60, things=40):
    """People who come upon notes of all sorts, each when it suits them, and write in their own words now and then."""
    for p in range(people):
        town.settle(f"p{p:02d}")
        for k in range(8):
            what, at = (p * 7 + k * 5) % things, (p * 1009 + k * 2503 + p * k * 37) % LATE
            town.comment(f"p{p:02d}", f"note {what}", at, text=f"remark {p * 31 + k * 7} on matter {what}", client=APP)
            town.like(f"p{p:02d}", f"note {(what + 3 * k) % things}", (at + 977 * k) % LATE)
    for what in range(things):
        town.post(
            f"p{what % people:02d}", (what * 311) % DAY, note_id=f"note {what}", text=f"matter {what}", client=APP
        )


def writer(town, who, own, managed, *, every=11 * HOUR, **of_managed):
    """Somebody with notes of its own, and with notes that a tool posted."""
    for k in range(own):
        town.post(who, 9 * HOUR + k * DAY * 19 // max(own, 1) + 53 * k % 300, text=f"my day {k}", client=APP)
    for k in range(managed):
        town.post(who, 14 * HOUR + k * every + 71 * k * k % 240, text=f"offer {k}", client=TOOL, **of_managed)


def reader(town, who, client=APP, times=20, shift=0):
    """Somebody who reads and likes, at hours that differ."""
    for k in range(times):
        at = (8 * HOUR + k * DAY * 19 // times + (131 * k * k + shift) % (9 * HOUR)) % LATE
        town.like(who, f"note {(k * 11 + shift) % 40}", at, client)


def lone_people(town):
    """Those whom no cluster holds."""
    for who in ("occasional", "often", "all-notes", "all-notes-by-clock", "assisted", "labelled", "verified"):
        town.settle(who, verified=True if who == "verified" else None)
        reader(town, who, shift=len(who))
    writer(town, "occasional", own=12, managed=2)
    writer(town, "often", own=12, managed=7)
    writer(town, "all-notes", own=0, managed=9, every=37 * HOUR)
    for k in range(60):
        town.post("all-notes-by-clock", 14 * HOUR + k * 7 * HOUR, text=f"deal {k}", client=TOOL)
    writer(town, "labelled", own=10, managed=2, ai_declared=True)
    for k in range(60):
        town.post("verified", 13 * HOUR + k * 7 * HOUR, text=f"news {k}", client=TOOL)
    for k in range(9):
        town.post("assisted", 10 * HOUR + k * 2 * DAY, text=f"my words, polished {k}", client=APP, ai_declared=True)
    town.settle("tool-run", at=DAY, client=TOOL)
    writer(town, "tool-run", own=0, managed=6, every=53 * HOUR)
    reader(town, "tool-run", TOOL, times=40, shift=5)


def batch(town, people=6):
    """Accounts that a tool registered one after the other on one device, and runs."""
    for p in range(people):
        who = f"batch{p}"
        town.settle(who, at=2 * DAY + 4 * p, client=TOOL, device="rack 7")
        for k in range(5):
            town.post(who, 3 * DAY + k * 61 * HOUR + 97 * p, text=f"find {p} {k}", client=TOOL)
        reader(town, who, TOOL, times=30, shift=83 * p + 7)


def farm(town, people=11, tasks=15):
    """A farm run by hand through the app, registered on one device: one mould of words under strangers' notes, minutes apart."""
    for p in range(people):
        town.settle(f"farm{p}", at=DAY + 6 * p, device="shelf 3")
        reader(town, f"farm{p}", times=3, shift=29 * p)
    for task in range(tasks):
        for p in range(people):
            if (p + task) % 5:
                at = 3 * DAY + task * DAY + 611 * task % 700 + 0.9 * ((p * (2 * task + 7) + task) % people)
                words = (
                    f"bought this lovely kettle {task}{p} days ago and the whole family uses it every single morning"
                )
                town.comment(f"farm{p}", f"note {task * 3 % 40}", at, text=words, client=APP)


def fans(town, people=12, posts=14):
    """An idol, and fans who come running; one of them is reported by forty strangers."""
    town.settle("idol")
    for p in range(people):
        town.settle(f"fan{p}")
        reader(town, f"fan{p}", times=12, shift=211 * p)
    for post in range(-6, posts):
        at = 3 * DAY + post * DAY + 17 * HOUR + 37 * post % 200
        town.post("idol", max(at, post + 7), note_id=f"idol {post}", text=f"song {post}", client=APP)
        for p in range(people):
            if (p + post) % 3:
                town.like(f"fan{p}", f"idol {post}", max(at, post + 7) + 2 + (p * 17 + post * 5) % 90)
    for p in range(40):
        town.report(f"p{p:02d}", "fan3", 12 * DAY + p)


def framed(town, people=7, times=14):
    """A victim with tastes of its own, and bots that do within a minute whatever it does."""
    town.settle("victim")
    for p in range(people):
        town.settle(f"bot{p}", at=DAY + 50 * p, client=TOOL)
    for k in range(times):
        note, at = f"note {(k * 3 + 1) % 40}", 3 * DAY + k * DAY + 541 * k % 600
        town.like("victim", note, at)
        for p in range(people):
            town.like(f"bot{p}", note, at + 0.2 + 0.1 * ((p * 5 + k) % people), TOOL)


def town():
    """Everybody together."""
    made = Town()
    passers_by(made)
    lone_people(made)
    batch(made)
    farm(made)
    fans(made)
    framed(made)
    return made
