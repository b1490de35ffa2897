"""What processes cost, from /proc (proc(5)): processor time and memory."""

import os
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
GONE = (FileNotFoundError, ProcessLookupError)
TICKS = os.sysconf("SC_CLK_TCK")  # a second


def read_stat(pid: int, proc: Path = PROC) -> list[str]:
    """The fields behind the command's name, which may have spaces and brackets in it."""
    return (proc / str(pid) / "stat").read_text().rpartition(")")[2].split()


def list_parents(proc: Path = PROC) -> dict[int, int]:
    """Of each process that runs, its parent."""
    parents = {}
    for folder in proc.glob("[0-9]*"):
        with suppress(*GONE):  # it ended meanwhile
            parents[int(folder.name)] = int(read_stat(int(folder.name), proc)[1])
    return parents


def list_family(pid: int, proc: Path = PROC) -> list[int]:
    """The process and all that come from it."""
    parents, family = list_parents(proc), [pid]
    for each in family:
        family += [child for child, parent in parents.items() if parent == each]
    return family


def cpu_seconds(pid: int, proc: Path = PROC) -> float:
    """What the process and all that come from it have used so far, those that ended included."""
    ticks = 0
    for each in list_family(pid, proc):
        with suppress(*GONE):
            ticks += sum(map(int, read_stat(each, proc)[11:15]))
    return ticks / TICKS


def forget_peaks(pid: int) -> None:
    """From here on peak_megabytes is of what comes."""
    for each in list_family(pid):
        with suppress(*GONE):
            (PROC / str(each) / "clear_refs").write_text("5")


def peak_megabytes(pid: int, proc: Path = PROC) -> float:
    """The most memory that one of the processes had in use, with what it shares with others."""
    most = 0
    for each in list_family(pid, proc):
        with suppress(*GONE):
            for line in (proc / str(each) / "status").read_text().splitlines():
                if line.startswith("VmHWM:"):
                    most = max(most, int(line.split()[1]))
    return most / 1024
