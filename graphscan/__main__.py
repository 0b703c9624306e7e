"""The command as a shell calls it, ``graphscan`` or ``python -m graphscan``: one call, and the end of the process.

In: the arguments of the process. Out: nothing; the process ends with the command's exit code, also when a person stops it.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
from contextlib import suppress
from typing import NoReturn

from graphscan.cli import main

AGAIN_S = 0.05
"""After which a forgotten interrupt is raised once more: what was being taken down is gone by then."""


def command() -> NoReturn:
    """Run one command and end the process.

    Python forgets an interrupt that comes while an object is taken down (compiled loops are loaded so): it is raised once more
    then. And what was interrupted there cannot always be taken down at the process's end, so a stopped command ends at once;
    what it had to clean up it has cleaned up.
    """
    sys.unraisablehook = _stop_again
    sys.exit(main(stopped=_end))


def _end(code: int) -> NoReturn:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(code)


def _stop_again(unraisable: sys.UnraisableHookArgs) -> None:
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        threading.Timer(AGAIN_S, _interrupt).start()
    else:
        sys.__unraisablehook__(unraisable)


def _interrupt() -> None:
    if hasattr(signal, "pthread_kill"):  # wakes the main thread, too
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        _thread.interrupt_main()


if __name__ == "__main__":
    command()
