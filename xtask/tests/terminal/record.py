"""Runs a program in a terminal of so many columns, and prints what it shows there.

record.py COLUMNS PROGRAM [ARGUMENT...]
"""

import fcntl
import os
import pty
import struct
import sys
import termios


def shown(columns, command):
    """What the program writes to its terminal, and its exit code."""
    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        os.execv(command[0], command)
    parts = []
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            # So Linux tells that nobody has the terminal open any more.
            break
        if not part:
            break
        parts.append(part)
    _, status = os.waitpid(child, 0)
    return b"".join(parts), os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    text, code = shown(int(sys.argv[1]), sys.argv[2:])
    sys.stdout.buffer.write(text.replace(b"\r\n", b"\n"))
    sys.stdout.buffer.flush()
    sys.exit(code)
