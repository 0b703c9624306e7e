"""Skeletons: a rewritten note keeps its build; notes of nothing but marks have none."""

import numpy as np
import pyarrow as pa

from graphscan.texts.skeletons import Parts, Skeletons, find_skeletons

OLD = np.arange(40) >= 3


def found(notes: list[tuple[str, list[str], list[str], list[str]]]) -> Skeletons:
    text, tags, media, links = (list(column) for column in zip(*notes, strict=True))
    kinds = pa.list_(pa.string())
    parts = Parts(pa.array(text), pa.array(tags, kinds), pa.array(media, kinds), pa.array(links, kinds))
    return find_skeletons(parts, np.arange(len(notes), dtype=np.int32), OLD)


def test_a_paraphrase_keeps_the_skeleton() -> None:
    tags, media, links = ["露营", "周末", "好物"], ["aa", "bb"], ["p1"]
    written = ["第一段好看！\n第二段好用。", "真的漂亮！\n确实顺手。", "颜值很高！\n体验不错。"]
    strangers = [(f"各写各的{k}，没有关系？", ["甲", "乙", "丙"], [f"m{k}"], [f"l{k}", f"q{k}"]) for k in range(12)]
    result = found([*((t, tags, media, links) for t in written), *strangers])
    assert result.skeleton_of.tolist() == [0, 0, 0] + [-1] * 12
    assert result.accounts.tolist() == [3]
    assert result.weight[0] > 0


def test_the_same_marks_without_tags_pictures_or_links_are_nothing() -> None:
    assert (found([("好看！\n好用。\n不错，真的？", [], [], [])] * 5).skeleton_of == -1).all()


def test_one_shared_picture_alone_is_too_little() -> None:
    assert (found([("好看", [], ["aa"], [])] * 5).skeleton_of == -1).all()
