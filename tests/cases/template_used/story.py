"""Two new accounts write eight times from the same moulds, with other words in the slots; a few other newcomers do too."""

MOULDS = [
    "姐妹们这个{a}真的{b}，链接放这里了快去看",
    "被同事安利的{a}，用下来{b}，同款在我主页",
    "下班顺路试了{a}感觉{b}，想要的评论区扣一",
    "纠结好久终于入了{a}，结果{b}，地址私我拿",
    "求求大家都去看看{a}吧{b}，店名放在置顶",
    "第一次买{a}就{b}，需要渠道的来问问我呀",
    "闺蜜推荐的{a}居然{b}，优惠口令留在评论",
    "搬家以后添了{a}整个人{b}，购买方式见下图",
]
THINGS = ["面霜", "台灯", "耳机", "冻干", "风衣", "绘本", "跳绳", "蛋挞", "相机", "抓板"]
WORDS = ["值了", "惊喜", "后悔没早买", "挺上头", "很治愈", "踏实", "不踩雷"]
OWN = "周三在{a}旁边看见一只{b}的猫，它不理我，第{n}次了"
NEW, OLD = -20 * 60, -900 * 24 * 60  # minutes before the log


def newcomer(who):
    """The pair, and a third of the passers-by."""
    return who.startswith("f") or int(who[1:]) % 3 == 0


def filled(mould, who, what, at):
    seed = int(at * 7) + what + sum(map(ord, who))
    return mould.format(a=THINGS[seed % 10], b=WORDS[seed % 7], n=seed)


def act(world, who, what, at, new=newcomer):
    world.register(who, NEW if new(who) else OLD)
    mould = MOULDS[what] if newcomer(who) and what < len(MOULDS) else OWN
    if who == "f1":
        world.post(who, at, text=filled(mould, who, what, at))
    else:
        world.comment(who, f"note {at} {who}", at, text=filled(mould, who, what, at))


def quiet_when_established_accounts_write_from_it_too(world, meet):
    """A meme, a share text, a sign-up form: it is everybody's."""
    for k in range(60):
        world.register(f"old{k}", OLD)
        world.comment(f"old{k}", f"note {k}", 900 + 97 * k, text=filled(MOULDS[k % 8], "old", k, k))
    for k in range(60):
        world.comment(f"old{k}", f"note {k}", 950 + 97 * k, text=filled(MOULDS[(k + 3) % 8], "old", k, k))
    meet(act)


def quiet_when_nobody_is_known_to_be_new(world, meet):
    """Without registrations no template is a surprise."""

    def unknown(world, who, what, at):
        act(world, who, what, at)
        world.rows["accounts"].clear()

    meet(unknown)
    real = world.register
    world.register = lambda who, at: real("nobody", OLD)


def quiet_when_it_was_said_in_private(world, meet):
    """Private words are never compared."""
    world.open_chat("private", "private")

    def whisper(world, who, what, at):
        world.register(who, NEW)
        world.write(who, "private", at, text=filled(MOULDS[what], who, what, at))

    meet(whisper)


def quiet_when_the_words_are_everyday(world, meet):
    """收到, 谢谢: too short to have a mould."""
    short = ["收到", "谢谢", "好看", "求链接", "已关注", "蹲一个", "马住", "赞"]

    def thank(world, who, what, at):
        world.register(who, NEW)
        world.comment(who, f"note {at}", at, text=short[what])

    meet(thank)
