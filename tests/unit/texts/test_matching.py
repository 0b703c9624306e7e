"""The matching form: what differs only in slots, width, case or invisible characters is the same; shown text never changes."""

import pyarrow as pa
import pytest

from graphscan.texts.matching import matching_form, matching_forms, show_form


def test_width_case_zero_width_and_emoji_do_not_hide_a_copy() -> None:
    plain = "加我看同款连衣裙 https://a.example/x?1 只要99元😂"
    dressed = "加\u200b我看同款 连衣裙 HTTPS://b.example/y 只要￥１２０，👍👍！"
    assert matching_form(plain) == matching_form(dressed)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("花了937块，很值", "花了⟨price⟩很值"),
        ("接龙 805号楼880室", "接龙⟨number⟩号楼⟨number⟩室"),
        ("款号 AB-12345 有货", "款号⟨product code⟩有货"),
        ("谢谢@小鹿_01 推荐", "谢谢⟨mention⟩推荐"),
        ("加微信：Lucky_88 领", "加⟨contact⟩领"),
        ("绝了[哭惹R]#露营[话题]#", "绝了露营"),
        ("看xhslink.com/a/Bc3 吧", "看⟨link⟩吧"),
    ],
)
def test_what_stands_in_a_slot_is_typed(text: str, shown: str) -> None:
    assert show_form(matching_form(text)) == shown


def test_a_writer_cannot_forge_a_slot_with_private_characters() -> None:
    assert matching_form("\ue000好看\ue005") == "好看"


def test_nothing_but_marks_is_an_empty_form_and_null_stays_null() -> None:
    distinct, places = matching_forms(pa.array(["！！ …", None, "好看"]))
    assert distinct == ["", "好看"]
    assert places.to_pylist() == [0, None, 1]


def test_traditional_and_simplified_meet_where_the_caller_has_a_table() -> None:
    table = str.maketrans("這個鏈接", "这个链接")
    distinct, _ = matching_forms(pa.array(["這個鏈接", "这个链接"]), lambda t: t.translate(table))
    assert distinct == ["这个链接"]
    assert len(matching_forms(pa.array(["這個鏈接", "这个链接"]))[0]) == 2
