"""The matching form: what differs only in slots, width, case or invisible characters is the same; shown text never changes."""

import pyarrow as pa
import pytest

from graphscan.texts.distinct import NO_TEXT, TOO_SHORT, matching_forms
from graphscan.texts.letters import read_forms
from graphscan.texts.matching import matching_form, show_form


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
    found = matching_forms(pa.array(["！！ …", None, "好看"]))
    assert [found.forms.text(k) for k in range(len(found.forms))] == ["", "好看"]
    assert found.form_of.tolist() == [0, NO_TEXT, 1]


def test_a_form_below_the_least_length_is_told_from_no_text_and_its_letters_still_count() -> None:
    found = matching_forms(pa.array(["好看", None, "这个蛋挞值得"]), least=3)
    assert found.form_of.tolist() == [TOO_SHORT, NO_TEXT, 0]
    assert found.kinds == 8


def test_traditional_and_simplified_meet_where_the_caller_has_a_table() -> None:
    table = str.maketrans("這個鏈接", "这个链接")
    found = matching_forms(pa.array(["這個鏈接", "这个链接"]), lambda t: t.translate(table))
    assert [found.forms.text(k) for k in range(len(found.forms))] == ["这个链接"]
    assert len(matching_forms(pa.array(["這個鏈接", "这个链接"])).forms) == 2


def test_the_compiled_pass_gives_every_character_the_form_that_python_gives_it() -> None:
    points = [k for k in range(0x110000) if not 0xD800 <= k <= 0xDFFF]
    texts = [f"好{chr(k)}aか" for k in points]
    read = read_forms(pa.array(texts))
    for text, start, size in zip(texts, read.start, read.size, strict=True):
        assert "".join(map(chr, read.points[start : start + size])) == matching_form(text), ascii(text)


def test_forms_come_in_the_order_of_their_words_and_pieces_change_nothing() -> None:
    texts = ["乙乙乙甲", "甲", "乙乙乙", "甲乙", "乙乙乙甲", "Ａ甲", "a甲", None, "🍰甲"]
    whole = matching_forms(pa.array(texts))
    words = [whole.forms.text(k) for k in range(len(whole.forms))]
    assert words == sorted({matching_form(t) for t in texts if t is not None})
    cut = matching_forms(pa.chunked_array([texts[:2], texts[2:3], [], texts[3:]], pa.string()))
    assert (cut.form_of == whole.form_of).all()
    assert words == [cut.forms.text(k) for k in range(len(cut.forms))]
