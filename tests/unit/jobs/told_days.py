"""A told world fed day by day: a farm that comments together, passers-by who do not, and helpers to hand out its days.

In: the world of ``tests/cases``. Out: hive partitions ``date=…`` of JSON Lines, and the job's own view of a state folder.
"""

import json
from collections import defaultdict

import pyarrow.parquet as pq

from ...cases.worlds import DAY, HOUR, World, meet, passers_by

FARM = [f"farm-{k}" for k in range(7)]
ACTIONS = ("comments", "interactions", "notes", "chat_messages", "reports")


def comment(world, who, what, at):
    world.comment(who, f"note {what}", at, text=f"so good {what}")


def story():
    """Ten days: the farm meets once a day, passers-by come when it suits them; everybody is registered."""
    world = World()
    meet(world, comment, who=FARM, times=10)
    passers_by(world, comment)
    for who in [*FARM, *(f"p{p:02d}" for p in range(30))]:
        world.register(who, -90 * DAY if who.startswith("p") else -2 * DAY)
    world.react("p01", "follow", FARM[0], 3 * DAY + 9 * HOUR, target_kind="account")
    return world


def by_day(world):
    """Day → table → rows; tables without a time come with the first day."""
    days = defaultdict(lambda: defaultdict(list))
    first = min(row["created_at"][:10] for table in ACTIONS for row in world.rows.get(table, ()))
    for table, rows in world.rows.items():
        for row in rows:
            days[row["created_at"][:10] if table in ACTIONS else first][table].append(row)
    return dict(sorted(days.items()))


def deliver(folder, day, tables, name="part"):
    """Write one day's rows as files of its partition."""
    for table, rows in tables.items():
        place = folder / table / f"date={day}"
        place.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        (place / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")


def write_job(folder, **options):
    """Write a job.toml beside the dataset ``fed`` and the state ``state``; quick settings."""
    told = {"dataset": "fed", "state": "state", "canary": False, **options}
    lines = [f"{name} = {json.dumps(value)}" for name, value in told.items()]
    (folder / "job.toml").write_text("\n".join([*lines, "[settings]", "threads = 1", "reclusterings = 5"]) + "\n")
    return folder / "job.toml"


CLOCK = ("metrics.prom", "lock")


def told_by(state):
    """Every file of a state folder but what a clock writes; of a run's manifest, everything but ``steps``."""
    files = {p.relative_to(state).as_posix(): p.read_bytes() for p in sorted(state.rglob("*")) if p.is_file()}
    found = {}
    for name, data in files.items():
        if name in CLOCK:
            continue
        if name.endswith("run.json"):
            found[name] = {k: v for k, v in json.loads(data).items() if k != "steps"}
        else:
            found[name] = data
    return found


def texts_in(folder):
    """Every byte of a folder as it lies, and every text of its Parquet files unpacked."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        yield path, path.read_bytes()
        yield path, path.name.encode()
        if path.suffix == ".parquet":
            yield path, json.dumps(pq.ParquetFile(path).read().to_pylist(), default=str, ensure_ascii=False).encode()
