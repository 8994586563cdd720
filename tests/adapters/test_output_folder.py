"""Results are written whole or not at all, and never over anybody else's files."""

import os
from pathlib import Path

import pytest

from adapters.folder import Unreadable
from adapters.output_folder import LIST, prepare, write_files


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_an_absent_or_empty_folder_is_written(tmp_path: Path, source: Path) -> None:
    out = tmp_path / "deep" / "out"
    prepare(out, source, overwrite=False)
    write_files(out, {"a/b.xml": b"b", "c.json": b"c"})
    assert names(out) == {"a/b.xml", "c.json", LIST}
    assert (out / "a/b.xml").read_bytes() == b"b"
    (tmp_path / "empty").mkdir()
    prepare(tmp_path / "empty", source, overwrite=False)


def test_files_can_be_read_by_others(tmp_path: Path) -> None:
    write_files(tmp_path / "out", {"a": b""})
    assert (tmp_path / "out" / "a").stat().st_mode & 0o777 == 0o644


def test_earlier_results_are_replaced_only_when_asked(tmp_path: Path, source: Path) -> None:
    out = tmp_path / "out"
    write_files(out, {"a": b"1", "old/b": b"1"})
    with pytest.raises(Unreadable, match="--force to overwrite"):
        prepare(out, source, overwrite=False)
    prepare(out, source, overwrite=True)
    (out / "mine.txt").write_text("mine")
    write_files(out, {"a": b"2"})
    assert names(out) == {"a", "mine.txt", LIST}
    assert (out / "a").read_bytes() == b"2"


def test_a_folder_with_other_files_is_refused_even_when_asked(tmp_path: Path, source: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.tex").write_text("x")
    with pytest.raises(Unreadable, match="found other files in it"):
        prepare(out, source, overwrite=True)


@pytest.mark.parametrize("place", ["in", "in/out", ".", "in/../in"])
def test_the_input_is_never_written(tmp_path: Path, source: Path, place: str) -> None:
    assert source.is_dir()
    with pytest.raises(Unreadable, match="one that holds the other"):
        prepare(tmp_path / place, source, overwrite=True)


def test_a_link_to_the_input_is_the_input(tmp_path: Path, source: Path) -> None:
    (tmp_path / "link").symlink_to(source)
    with pytest.raises(Unreadable, match="one that holds the other"):
        prepare(tmp_path / "link", source, overwrite=True)


def test_a_file_where_the_folder_should_be_is_told(tmp_path: Path, source: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unreadable, match="found not a directory"):
        prepare(tmp_path / "file", source, overwrite=False)
    with pytest.raises(Unreadable, match="a place that can be written"):
        write_files(tmp_path / "file" / "out", {"a": b""})


def test_a_list_that_names_files_outside_removes_none_of_them(tmp_path: Path) -> None:
    out, precious = tmp_path / "out", tmp_path / "precious"
    precious.write_text("x")
    write_files(out, {"a": b""})
    (out / LIST).write_text(f"a\n../precious\n{precious}\n\n")
    write_files(out, {"b": b""})
    assert precious.exists()
    assert names(out) == {"b", LIST}


def test_a_failed_write_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    write_files(out, {"a": b"1"})

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(Unreadable, match="no space left on device"):
        write_files(out, {"a": b"2"})
    monkeypatch.undo()
    assert (out / "a").read_bytes() == b"1"
    assert names(out) == {"a", LIST}
