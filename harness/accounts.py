# -*- test-case-name: tests.project.test_benchmarks -*-
"""The kernel's accounts of a process, from ``/proc``."""

import os
from pathlib import Path


def cpuSeconds(pid: int) -> float:
    """Return the CPU time of all threads of a process, from the scheduler's own account if there is one."""
    try:
        tasks = Path(f"/proc/{pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
    except FileNotFoundError:
        # The name in parentheses before it may contain blanks.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """Return the numbers of a process and of all that it has started, which still run."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    return [pid, *(one for child in children for one in family(child))]


def resident(pid: int | str) -> int:
    """Return the resident memory of a process, in bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def isListening(port: int) -> bool:
    """Whether a process listens at the port, which a connection would tell, too, but as work for the process."""
    return f":{port:04X} 00000000:0000 0A" in Path("/proc/net/tcp").read_text()
