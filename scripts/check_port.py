"""Ends with one clear line if the port is taken: better before the set-up than after it."""

import os
import re
import socket
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from lottery_site.env_file import Unreadable, read_settings


def port() -> str:
    """The port as the settings will have it. Raises Unreadable where they will not start."""
    if "PORT" in os.environ:
        return os.environ["PORT"]
    file = ROOT / ".env"
    found = read_settings(file) if os.path.lexists(file) else {}
    return found["PORT"].value if "PORT" in found else ""


try:
    chosen = port() or "8000"
except Unreadable:
    sys.exit()  # the settings will say it
if re.fullmatch("[0-9]{1,5}", chosen) and 0 < int(chosen) < 65536:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(chosen)))
        except OSError as error:
            sys.exit(f"Port {chosen}: {error.strerror}. Choose another: make run PORT=8001")
