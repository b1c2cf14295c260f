"""Whole processes, measured: wall time and peak memory."""
import os
import subprocess
import time
from dataclasses import dataclass

# Findings are no failure: cfn-lint's exit codes are sums of 2, 4 and 8.
FINE = (0, 1, 2, 4, 6, 8, 10, 12, 14)


@dataclass(frozen=True)
class Measured:
    seconds: float
    """Wall time, the best of the runs."""
    bytes: int
    """Peak memory, the greatest of the runs."""


def once(command, folder="."):
    """Runs a command: seconds and peak bytes. A process alone counts, not those that ran before."""
    start = time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in FINE:
        raise SystemExit(f"error: {' '.join(map(str, command))}: {said.decode()[-2000:]}")
    return seconds, used.ru_maxrss * 1024


def measure(times, command, folder="."):
    """The best time and the greatest memory of several runs."""
    runs = [once(command, folder) for _ in range(times)]
    return Measured(min(seconds for seconds, _ in runs), max(peak for _, peak in runs))
