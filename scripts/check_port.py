"""Ends with one clear line if the port is taken: better before the set-up than after it."""

import os
import re
import socket
import sys
from pathlib import Path


def port_in(file: Path) -> str:
    found = re.search(r"""^PORT=["']?(\d+)""", file.read_text(), re.M) if file.exists() else None
    return found[1] if found else "8000"


port = os.environ.get("PORT") or port_in(Path(".env"))
# What is no port at all is left to the settings, which say so.
if port.isdecimal() and 0 < int(port) < 65536:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as error:
            sys.exit(f"Port {port}: {error.strerror}. Choose another: make run PORT=8001")
