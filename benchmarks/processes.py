"""A command measured as its users run it: wall seconds, processor seconds and peak memory of its whole process tree."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MEMORY_POLL_SECONDS = 0.25


@dataclass(frozen=True)
class Ran:
    """What a command printed, and what it took; processor seconds include those of its children, not the database's."""

    output: str
    seconds: float
    processor_seconds: float
    peak_megabytes: float


def run(
    command: Sequence[str], *, environment: Mapping[str, str], folder: Path | None = None, beside: Sequence[int] = ()
) -> Ran:
    """Run it to its end, stderr shown; the memory of the processes `beside` it counts with its own.

    Raises:
        subprocess.CalledProcessError: it ended with another code than 0.
    """
    before, began = os.times(), time.monotonic()
    process = subprocess.Popen(command, env=dict(environment), cwd=folder, stdout=subprocess.PIPE, text=True)
    with watching_memory(process.pid, *beside) as peak:
        output, _ = process.communicate()
    seconds, after = time.monotonic() - began, os.times()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output)
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return Ran(output, seconds, processor, peak())


@contextmanager
def watching_memory(*pids: int) -> Iterator[Callable[[], float]]:
    """Within: the memory of processes and their descendants is followed; ask for the peak so far in MB.

    Memory is what each process has for itself (RssAnon, proc(5)): programs, files and the database's shared buffers,
    which many have in common, are not in it.
    """
    peak, done = 0.0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(MEMORY_POLL_SECONDS):
            peak = max(peak, sum(get_megabytes(pid) for pid in pids))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield lambda: peak
    finally:
        done.set()
        thread.join()


def get_megabytes(pid: int) -> float:
    """What a process and its descendants have for themselves now; nothing for those that have ended."""
    return get_own_megabytes(pid) + sum(get_megabytes(child) for child in get_children(pid))


def get_children(pid: int) -> list[int]:
    """The processes that a process has started; of the kernel's own list, since to look through all processes takes
    two in a hundred of what is measured."""
    try:
        threads = [thread.read_text() for thread in Path(f"/proc/{pid}/task").glob("*/children")]
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [int(child) for children in threads for child in children.split()]


def get_own_megabytes(pid: int) -> float:
    """What a process alone has for itself now; nothing for one that has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) / 1000
