"""Fan-out copy: one template for another product each time, against one product that everybody passes on."""

from .told import DAY, HOUR, MEMBERS, STRANGERS, background, comment, dataset, motifs, scene

MOULD = "这家店的新品真的很值得买大家赶紧去看看吧别错过了呀"
FOUR = MEMBERS[:4]


def copies(same_product: bool) -> list[dict[str, object]]:
    return [
        comment(
            who,
            f"n{4 * day + k:02d}",
            day * (DAY + HOUR) + (9 + k) * HOUR,
            text=MOULD,
            links=[f"https://mall.example/item/{0 if same_product else 4 * day + k}"],
        )
        for day in range(4)
        for k, who in enumerate(FOUR)
    ]


def told(rows: list[dict[str, object]]) -> dict[str, int]:
    own = [
        comment(
            who,
            f"n{k % 30:02d}",
            5 * DAY + k * HOUR,
            text=f"{who}自己写的心得体会一共有二十多个字不和别人相同{k}",
            links=[f"x{k}"],
        )
        for k, who in enumerate(STRANGERS)
    ]
    data = dataset(comments=[*background(), *own, *rows])
    return motifs(scene(data, FOUR, ("note_comment", "text_copied")))


def test_one_template_for_product_after_product_is_a_fan_out() -> None:
    assert told(copies(same_product=False)) == {"fan_out_copy": 4}


def test_one_template_for_one_product_is_none() -> None:
    assert told(copies(same_product=True)) == {}
