"""An output appears whole or not at all."""

import errno
import hashlib

import pytest

from graphscan.errors import OutputError, OutsideError
from graphscan.publishing import check_free, published, sha256_of


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_a_folder_appears_when_the_block_ends_well(tmp_path):
    with published(tmp_path / "out") as work:
        work.mkdir()
        (work / "a").write_text("1")
        assert not (tmp_path / "out").exists()
    assert names(tmp_path) == ["out"] and (tmp_path / "out" / "a").read_text() == "1"


def test_a_file_appears_the_same_way(tmp_path):
    with published(tmp_path / "out.parquet") as work:
        work.write_text("1")
    assert names(tmp_path) == ["out.parquet"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_nothing_is_left_when_the_block_fails(error, tmp_path):
    with pytest.raises(error), published(tmp_path / "out") as work:
        work.mkdir()
        (work / "half").write_text("x")
        raise error
    assert names(tmp_path) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_a_full_or_broken_disk_is_told_as_something_outside(number, tmp_path):
    with pytest.raises(OutsideError, match="nothing was published") as told, published(tmp_path / "out") as work:
        work.mkdir()
        raise OSError(number, "no luck")
    assert told.value.exit_code == 75
    assert names(tmp_path) == []


def test_other_errors_of_the_system_come_through_as_they_are(tmp_path):
    with pytest.raises(PermissionError), published(tmp_path / "out") as work:
        work.mkdir()
        raise PermissionError(errno.EACCES, "not yours")
    assert names(tmp_path) == []


def test_what_a_killed_run_left_is_swept_by_the_next(tmp_path):
    with published(tmp_path / "out") as work:
        partial = work.name
        work.mkdir()
    (tmp_path / "out").rename(tmp_path / partial)
    (tmp_path / partial / "old").write_text("half")
    with published(tmp_path / "out") as work:
        assert not work.exists()
        work.mkdir()
    assert names(tmp_path) == ["out"] and names(tmp_path / "out") == []


@pytest.mark.parametrize("make", [lambda p: p.mkdir(), lambda p: p.write_text(""), lambda p: p.symlink_to("nowhere")])
def test_what_is_there_is_refused_even_a_dangling_link(make, tmp_path):
    make(tmp_path / "out")
    with pytest.raises(OutputError, match="exists already"):
        check_free(tmp_path / "out")
    with pytest.raises(OutputError, match="exists already"), published(tmp_path / "out"):
        pytest.fail("the block must not begin")


def test_an_output_that_somebody_made_meanwhile_is_not_written_over(tmp_path):
    with pytest.raises(OutputError, match="exists already"), published(tmp_path / "out") as work:
        work.mkdir()
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "theirs").write_text("")
    assert names(tmp_path) == ["out"] and names(tmp_path / "out") == ["theirs"]


def test_a_missing_parent_is_named(tmp_path):
    with pytest.raises(OutputError, match=r"the folder .*missing does not exist; make it first"):
        check_free(tmp_path / "missing" / "out")


def test_the_digest_is_sha256_of_all_bytes(tmp_path):
    content = bytes(range(256)) * 5000  # more than one chunk
    (tmp_path / "f").write_bytes(content)
    assert sha256_of(tmp_path / "f") == hashlib.sha256(content).hexdigest()
