"""A folder of documents is read in a fixed order and within limits, whatever lies in it."""

import os
from pathlib import Path

import pytest

from adapters.folder import File, Ignored, Limits, Unreadable, read_file, read_folder


def test_documents_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.xml", "a.XML", "c.xml"):
        (tmp_path / name).write_bytes(name.encode())
    assert read_folder(tmp_path).documents == (
        File("a.XML", b"a.XML"),
        File("b.xml", b"b.xml"),
        File("c.xml", b"c.xml"),
    )


def test_everything_else_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(b"<a/>")
    (tmp_path / "notes.txt").write_text("notes")
    (tmp_path / "market.toml").write_text("")
    (tmp_path / "sub.xml").mkdir()
    (tmp_path / "link.xml").symlink_to(tmp_path / "a.xml")
    os.mkfifo(tmp_path / "pipe.xml")
    found = read_folder(tmp_path, "market.toml")
    assert [file.name for file in found.documents] == ["a.xml"]
    assert found.ignored == (
        Ignored("link.xml", "a link"),
        Ignored("notes.txt", "its name does not end in .xml"),
        Ignored("pipe.xml", "no regular file"),
        Ignored("sub.xml", "a folder"),
    )


def test_a_settings_file_is_ignored_unless_it_is_meant(tmp_path: Path) -> None:
    (tmp_path / "market.toml").write_text("")
    assert [entry.name for entry in read_folder(tmp_path).ignored] == ["market.toml"]
    assert read_folder(tmp_path, "market.toml").ignored == ()


def test_a_long_file_comes_back_without_its_content(tmp_path: Path) -> None:
    (tmp_path / "long.xml").write_bytes(b"x" * 11)
    (tmp_path / "short.xml").write_bytes(b"x" * 10)
    found = read_folder(tmp_path, limits=Limits(file_bytes=10))
    assert found.documents == (File("long.xml", None), File("short.xml", b"x" * 10))


@pytest.mark.parametrize(
    ("limits", "said"), [(Limits(files=1), "at most 1 documents"), (Limits(total_bytes=7), "at most 7 bytes in all")]
)
def test_a_folder_beyond_the_limits_is_refused_whole(tmp_path: Path, limits: Limits, said: str) -> None:
    for name in ("a.xml", "b.xml"):
        (tmp_path / name).write_bytes(b"four")
    with pytest.raises(Unreadable, match=said):
        read_folder(tmp_path, limits=limits)


def test_a_missing_folder_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as caught:
        read_folder(tmp_path / "nowhere")
    assert str(caught.value) == f"{tmp_path}/nowhere: expected a readable folder, found no such file or directory"


def test_a_file_where_a_folder_is_meant_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unreadable, match="found not a directory"):
        read_folder(tmp_path / "file")


def test_a_missing_file_and_a_folder_and_a_pipe_are_told(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="found no such file"):
        read_file(tmp_path / "nowhere.xml")
    with pytest.raises(Unreadable, match="expected a regular file"):
        read_file(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Unreadable, match="expected a regular file"):
        read_file(tmp_path / "pipe")


def test_a_file_by_name_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(b"<a/>")
    (tmp_path / "link.xml").symlink_to(tmp_path / "a.xml")
    assert read_file(tmp_path / "link.xml") == b"<a/>"


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert read_folder(tmp_path).documents == ()
