"""Servers: an HTTP server on this machine that answers in the background while a block runs.

In: a server that is bound to its port. Out: its port, and an orderly end however the block ends.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer


@contextmanager
def in_background(server: ThreadingHTTPServer, name: str) -> Iterator[int]:
    """Let a server answer while the block runs, in a thread of that name; yield its port."""
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name=name, daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
