"""A file that keeps a secret is its owner's alone, and has the secret in one line."""

from pathlib import Path

import pytest

from lottery_site.env_file import Unreadable
from lottery_site.secret_files import read_secret

SECRET = "correct horse $ # battery"


def secret_file(folder: Path, content: bytes = SECRET.encode(), mode: int = 0o600) -> Path:
    file = folder / "a secret"
    file.write_bytes(content)
    file.chmod(mode)
    return file


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\n\n"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_it_is_what_the_file_has_without_the_end_of_the_line(
    tmp_path: Path, start: bytes, end: bytes
) -> None:
    assert read_secret(secret_file(tmp_path, start + SECRET.encode() + end)) == SECRET


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"first\nsecond\n", b"a\0b", b"a\tb", b"\xff\xfeh\0"]
)
def test_a_file_without_one_line_is_refused_and_not_repeated(
    tmp_path: Path, content: bytes
) -> None:
    file = secret_file(tmp_path, content)
    with pytest.raises(Unreadable, match=rf"^{file} [^\n]+$") as error:
        read_secret(file)
    assert "first" not in str(error.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644, 0o666, 0o444, 0o601, 0o777])
def test_a_file_that_others_can_open_is_refused_with_what_to_do(tmp_path: Path, mode: int) -> None:
    file = secret_file(tmp_path, mode=mode)
    with pytest.raises(Unreadable, match=rf"Other users .*: chmod 600 '{file}'$"):
        read_secret(file)


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_a_file_of_its_owner_is_read(tmp_path: Path, mode: int) -> None:
    assert read_secret(secret_file(tmp_path, mode=mode)) == SECRET


def test_what_a_container_mounts_may_have_any_mode(tmp_path: Path) -> None:
    file = secret_file(tmp_path, mode=0o444)
    assert read_secret(file, mounts=tmp_path) == SECRET
    link = tmp_path / "run" / "link"
    link.parent.mkdir()
    link.symlink_to(file)  # a way out of the mounts
    with pytest.raises(Unreadable, match="Other users"):
        read_secret(link, mounts=link.parent)


def test_a_folder_or_nothing_at_all_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    for file in (tmp_path, tmp_path / "missing"):
        with pytest.raises(Unreadable, match=rf"^{file} cannot be read: [^\n]+$"):
            read_secret(file)
