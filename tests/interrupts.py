"""Processes that can be interrupted, wherever the tests run."""

import signal
import subprocess


def started(command, **how):
    """Start a process that heeds SIGINT: a shell that runs the tests in the background has them, and theirs, ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(command, **how)
    finally:
        signal.signal(signal.SIGINT, before)
