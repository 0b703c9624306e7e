"""Starts a command and writes what it used: ``launch.py USED.json COMMAND …``; exits as it did.

A process of its own, and small: Linux counts the memory of whoever starts a process into that process's peak. Nothing it starts may
ask for more than sixteen gigabytes of addresses, so that a method that a log is too large for fails by itself.
"""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

MOST_BYTES = 16 << 30
resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
process = subprocess.Popen(sys.argv[2:])
status, used = os.wait4(process.pid, 0)[1:]
process.returncode = os.waitstatus_to_exitcode(status)
peak_mb = used.ru_maxrss * 1024 / 1e6
Path(sys.argv[1]).write_text(json.dumps({"cpu_s": used.ru_utime + used.ru_stime, "peak_mb": peak_mb}))
sys.exit(min(abs(process.returncode), 255))
