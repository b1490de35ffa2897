"""Files that keep one secret, for those alone who run the site."""

import os
import secrets
import tempfile
from pathlib import Path
from shlex import quote

from lottery_site.env_file import Unreadable

# Where containers and systemd mount secrets, whose modes are theirs to choose: Docker's is 0444.
MOUNTS = Path("/run")


def read_secret(file: Path, *, mounts: Path = MOUNTS) -> str:
    """The one line in the file. Raises Unreadable where it is none, or where others can read it."""
    try:
        is_shared = file.stat().st_mode & 0o077 and not file.resolve().is_relative_to(mounts)
        text = file.read_text(encoding="utf-8-sig").rstrip("\r\n")
    except OSError as error:
        raise Unreadable(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise Unreadable(f"{file} is not UTF-8: save it with that encoding") from None
    if is_shared:
        raise Unreadable(
            f"Other users can open {file}, which has a secret: chmod 600 {quote(str(file))}"
        )
    if not text or not text.isprintable():
        raise Unreadable(f"{file} must have the secret, in one line")
    return text


def keep_secret(file: Path) -> str:
    """The secret in the file, which only its owner can read; made by whoever comes first."""
    if not file.exists():
        made = write_private(file.parent, secrets.token_urlsafe(64))
        try:
            os.link(made, file)  # fails where another process was first, so both use the same key
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return read_secret(file)


def write_private(folder: Path, text: str) -> Path:
    """A new file in the folder, with a name of its own, that its owner alone can read."""
    handle, name = tempfile.mkstemp(dir=folder)  # mode 0600
    with os.fdopen(handle, "w", encoding="utf-8") as made:
        made.write(text)
    return Path(name)
