"""Identity over time: the largest overlap keeps the name, and every change is told as what it is."""

import pytest

from graphscan.jobs.lineages import Lineages, follow, ranked

ALL = "abcdefghijklmnop"


def looks(*clusterings, announced=()):
    """Follow clusterings given as words (a letter is an account), one a day."""
    now = Lineages()
    for day, words in enumerate(clusterings, 1):
        now = follow(now, {f"c-{w}": frozenset(w) for w in words.split()}, announced, f"2026-03-{day:02d}")
    return now


def events(known, day):
    return [(e.event, e.size_before, e.size_after, e.joined, e.left) for e in known.at(f"2026-03-{day:02d}")]


def only(known, status="present"):
    (found,) = [x for x in known.lineages.values() if x.status == status]
    return found


def test_a_first_cluster_is_new():
    known = looks("abcde")
    assert events(known, 1) == [("new", 0, 5, 5, 0)]
    assert only(known).first_pass == "2026-03-01"


def test_a_cluster_that_gains_members_keeps_its_name_and_has_grown():
    known = looks("abcde", "abcdefg")
    assert events(known, 2) == [("grown", 5, 7, 2, 0)]
    assert only(known).first_pass == "2026-03-01"
    assert known.members[only(known).lineage_id] == {
        **dict.fromkeys("abcde", "2026-03-01"),
        **dict.fromkeys("fg", "2026-03-02"),
    }


def test_a_cluster_that_loses_members_has_shrunk_and_remembers_its_peak():
    known = looks("abcdefg", "abcde")
    assert events(known, 2) == [("shrunk", 7, 5, 0, 2)]
    assert (only(known).size, only(known).peak_size) == (5, 7)


def test_members_that_came_and_went_are_both_told():
    assert events(looks("abcde", "abcdx"), 2) == [("grown", 5, 5, 1, 1), ("shrunk", 5, 5, 1, 1)]


def test_two_that_become_one_go_on_as_the_larger():
    known = looks("abcdef ghij", "abcdefghij")
    assert [e[0] for e in events(known, 2)] == ["grown", "merged"]
    assert only(known, "merged").merged_into == only(known).lineage_id
    assert only(known).peak_size == 10 and only(known, "merged").size == 4


def test_one_that_falls_apart_goes_on_as_its_larger_part():
    known = looks("abcdefghij", "abcdef ghij")
    assert sorted(e[0] for e in events(known, 2)) == ["shrunk", "split"]
    (child,) = [x for x in known.lineages.values() if x.parent]
    assert known.lineages[child.parent].size == 6 and child.size == 4


def test_one_that_is_gone_and_returns_is_back_under_its_name():
    known = looks("abcde", "", "", "abcdx")
    assert [events(known, day) for day in (2, 3)] == [[("gone", 5, 0, 0, 5)], []]
    assert [e[0] for e in events(known, 4)] == ["back", "grown", "shrunk"]
    assert only(known).first_pass == "2026-03-01"


def test_a_stranger_cluster_is_new_beside_one_that_is_gone():
    assert sorted(e[0] for e in events(looks("abcde", "klmno"), 2)) == ["gone", "new"]


def test_less_than_half_in_common_is_another_cluster():
    assert sorted(e[0] for e in events(looks("abcdefgh", "abcklmno"), 2)) == ["gone", "new"]


def test_once_announced_a_lineage_stays_announced():
    known = looks("abcde", "abcde", announced=["c-abcde"])
    assert only(follow(known, {"c": frozenset("abcdef")}, [], "2026-03-03")).announced
    assert not only(looks("abcde")).announced


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_clusters_changes_nothing(order):
    words = ["abcdef", "ghij", "klm"][::order]
    now = follow(looks("abcde ghijk"), {f"c-{w}": frozenset(w) for w in words}, [], "2026-03-02")
    assert now == looks("abcde ghijk", "abcdef ghij klm")


def test_reports_tell_the_new_first_and_the_gone_last():
    told = ranked(looks("abcde ghijk", "klmnopq abcdef").at("2026-03-02"))
    assert (told[0].event, told[-1].event) == ("new", "gone")
