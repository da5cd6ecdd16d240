"""The command ``sspr``."""

from __future__ import annotations

import sys

from ._sspr import command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command ``sspr`` with the arguments after its name, and gives its exit code.

    It writes to the standard streams of the process, as the program of that name does.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    return command(list(sys.argv[1:] if argv is None else argv))


def console() -> NoReturn:
    """The process ``sspr``."""
    import signal

    # Like any program, and not like a call from a program: an interrupt ends it at once.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(main())
