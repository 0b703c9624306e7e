r"""A run's record: what ``run.json`` tells of seconds and memory per step, with the machine's description, and as a table.

    python benchmarks/day_dataset.py day --actions 70000000
    graphscan run day --out run --memory 8GB
    python benchmarks/day_record.py run --command "graphscan run day --out run --memory 8GB" --note "quiet" \
        --write benchmarks/data/day_70000000.json

Prints the table of ``docs/scale.md``: CPU seconds and seconds of the clock per step, and the process's peak memory up to its end,
mapped files included.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from pathlib import Path
from typing import Any

FACTS = ("counts", "steps")
BEHAVIOUR = ("name", "actions", "accounts", "windows_s", "pairs_tested", "pairs_met", "pairs_validated")


def record_of(manifest: dict[str, Any], command: str, note: str) -> dict[str, Any]:
    """What is kept of a manifest; ``rows`` are those that were read of each table."""
    return {
        "command": command,
        "graphscan_version": manifest["graphscan_version"],
        "machine": machine(note),
        "rows": manifest["quality"]["rows"],
        **{name: manifest[name] for name in FACTS},
        "behaviours": [{name: b[name] for name in BEHAVIOUR} for b in manifest["behaviours"]],
    }


def machine(note: str) -> dict[str, Any]:
    """What the run was made on: cores, memory, processor, system, Python."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 1e9),
        "processor": processor(),
        "system": platform.system(),
        "python": platform.python_version(),
        "note": note,
    }


def processor() -> str:
    """The processor's name, and its sizes of cache where the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    told = dict(line.split(":", 1) for line in lines if ":" in line)
    found = {name.strip(): value.strip() for name, value in told.items()}
    return f"{found.get('model name', '')}, {found.get('cpu MHz', '?')} MHz, cache {found.get('cache size', '?')}"


def table(steps: list[dict[str, Any]]) -> list[str]:
    """The steps as a table in Markdown, those of a second and less left out, and their sum."""
    lines = ["| step | CPU s | wall s | peak MB so far |", "| --- | --: | --: | --: |"]
    lines += [
        f"| {s['name']} | {s['cpu_seconds']:,.0f} | {s['seconds']:,.0f} | {s['peak_mb']:,} |"
        for s in steps
        if s["cpu_seconds"] > 1
    ]
    cpu, wall = (sum(s[name] for s in steps) for name in ("cpu_seconds", "seconds"))
    return [*lines, f"| **whole run** | **{cpu:,.0f}** | **{wall:,.0f}** | **{max(s['peak_mb'] for s in steps):,}** |"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("--command", required=True, help="how the run was made")
    parser.add_argument("--note", default="", help="what else the machine did")
    parser.add_argument("--write", type=Path, metavar="FILE.json")
    given = parser.parse_args()
    manifest = json.loads((given.run / "run.json").read_text(encoding="utf-8"))
    record = record_of(manifest, given.command, given.note)
    print("\n".join(table(record["steps"])))
    if given.write:
        given.write.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
