"""Clues: what speaks for a cluster, what speaks against it, and what is not known; a register of functions.

In: a cluster and its surroundings. Out: :class:`Evidence` rows. "No data" is a different answer from "no", and is worth nothing. To
add a clue, write one function and add one line to :data:`CLUSTER_CLUES` or :data:`ACCOUNT_CLUES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from graphscan.behaviours.accounts import UNKNOWN_MS, Accounts, told_of
from graphscan.behaviours.actions import Codes, Ints
from graphscan.behaviours.indexing import Index, index_chosen
from graphscan.behaviours.layer import Layer
from graphscan.behaviours.references import name_sources
from graphscan.groups.clusters import Cluster, Tie, cluster_numbers
from graphscan.intake.dataset import Dataset
from graphscan.tables import EVIDENCE, from_rows

MAX_ROWS = 20  # a reviewer reads examples


@dataclass(frozen=True)
class Evidence:
    """One clue about one subject; see :data:`graphscan.tables.EVIDENCE` for what each field means."""

    subject: str
    clue: str
    family: str
    writer: str
    value: float | None
    unit: str
    p_value: float | None
    sentence: str
    rows: tuple[str, ...] = ()
    weight: float | None = None


@dataclass(frozen=True)
class Surroundings:
    """What clues may look at beside the cluster itself."""

    dataset: Dataset
    accounts: Accounts
    clusters: Sequence[Cluster]
    _actions: dict[str, Index] = field(default_factory=dict, compare=False, repr=False)

    def actions_of(self, layer: Layer) -> Index:
        """Rows of a layer's actions by account, of accounts in ``clusters`` only."""
        name = layer.behaviour.name
        if name not in self._actions:
            clustered = cluster_numbers(self.clusters, len(self.accounts)) >= 0
            self._actions[name] = index_chosen(layer.actions.account, clustered)
        return self._actions[name]

    def ids(self, codes: np.ndarray) -> list[str]:
        """Account ids of codes."""
        return [str(x) for x in self.accounts.ids.take(pa.array(codes)).to_pylist()]


ClusterClue = Callable[[Cluster, Surroundings], Iterator[Evidence]]


def group_evidence(clusters: Sequence[Cluster], around: Surroundings) -> Iterator[Evidence]:
    """Yield all clues of this room about all clusters and their members."""
    return (e for c in clusters for clue in (*CLUSTER_CLUES, *ACCOUNT_CLUES) for e in clue(c, around))


def evidence_table(found: Iterable[Evidence]) -> pa.Table:
    """Return evidence of any room as one table, clusters before accounts, in the order of its telling."""
    ordered = sorted(found, key=lambda e: not e.subject.startswith("cluster:"))
    return from_rows([[getattr(e, f.name) for f in EVIDENCE.schema] for e in ordered], EVIDENCE)


def _about(
    cluster: Cluster,
    clue: str,
    sentence: str,
    value: float | None = None,
    unit: str = "accounts",
    writer: str = "platform",
) -> Evidence:
    return Evidence(f"cluster:{cluster.cluster_id}", clue, "context", writer, value, unit, None, sentence)


def meetings_beyond_chance(cluster: Cluster, around: Surroundings) -> Iterator[Evidence]:
    """How often the cluster's pairs met, against what opportunity explains; one row per behaviour."""
    for tie in cluster.ties:
        yield Evidence(
            f"cluster:{cluster.cluster_id}",
            f"meetings_{tie.layer.behaviour.name}",
            "B1",
            "self",
            float(tie.occasions),
            "occasions",
            float(tie.layer.surprise.p_value[tie.rows].max()),
            f"{len(tie.rows):,} pairs of members {tie.layer.behaviour.sentence} within "
            f"{_windows(tie)} of each other on {tie.occasions:,} occasions, where opportunity explains "
            f"{_amount(tie.expected)}.",
            _rows_of(tie, around),
        )


def timing(cluster: Cluster, around: Surroundings) -> Iterator[Evidence]:
    """Whether members are closer in time than others on the same objects; one row per behaviour."""
    for tie in cluster.ties:
        if tie.timing is None:
            continue
        clock = (
            f"the clock of accounts outside the cluster on {tie.timing.by_outsiders} of {tie.timing.occasions} object-days"
            if tie.timing.by_outsiders
            else "the platform's own day, since too few outsiders acted on these objects"
        )
        closer = tie.timing.p_value <= 0.01
        yield Evidence(
            f"cluster:{cluster.cluster_id}",
            f"{'timing' if closer else 'against_timing'}_{tie.layer.behaviour.name}",
            "B1",
            "self",
            float(tie.timing.occasions),
            "object-days",
            tie.timing.p_value,
            f"When members {_plural(tie)}, they were {'closer' if closer else 'no closer'} together in time than {clock} "
            "would bring them.",
        )


def against_one_behaviour(cluster: Cluster, around: Surroundings) -> Iterator[Evidence]:
    """A single layer is the weakest ground: honest clubs share one thing too."""
    if len(cluster.ties) == 1:
        name = cluster.ties[0].layer.behaviour.sentence
        yield _about(
            cluster,
            "against_one_behaviour",
            f"Only one kind of behaviour ties the members (they {name}); an honest club may do the same.",
            1.0,
            "behaviours",
            "self",
        )


def against_one_channel(cluster: Cluster, around: Surroundings) -> Iterator[Evidence]:
    """Everything happened with one author, chat or site: an honest audience looks alike."""
    channels = {
        (tie.layer.behaviour.channel, int(c))
        for tie in cluster.ties
        for c in np.unique(tie.layer.actions.channel_of[_objects_met(tie)])
    }
    if len(channels) == 1 and (channel := next(iter(channels)))[1] >= 0:
        yield _about(
            cluster,
            "against_one_channel",
            f"All meetings were with one {channel[0].removesuffix(' of note').removesuffix(' of comment')}: a small new "
            "honest audience and a small farm serving one merchant look the same in co-action.",
            1.0,
            "channels",
            "self",
        )


def against_history(cluster: Cluster, around: Surroundings) -> Iterator[Evidence]:
    """Members with a life before the log, and members too young to have one."""
    registered = around.accounts.registered_ms[cluster.community.accounts]
    known = registered != UNKNOWN_MS
    if not known.any():
        yield _about(
            cluster,
            "unknown_registration",
            "When the members were registered is not known; interests could only be learnt inside the window.",
        )
        return
    old = int((registered[known] < around.accounts.history_ends_ms).sum())
    since = str(np.datetime64(around.accounts.history_ends_ms, "ms"))[:10]
    if old:
        yield _about(
            cluster,
            "against_history",
            f"{old} of {len(registered)} members were registered before {since}: they had a life before the log begins.",
            float(old),
        )
    if int(known.sum()) - old:
        yield _about(
            cluster,
            "new_accounts",
            f"{int(known.sum()) - old} of {len(registered)} members were registered on {since} or later.",
            float(int(known.sum()) - old),
        )


def against_verified(cluster: Cluster, around: Surroundings) -> Iterator[Evidence]:
    """Members whom the platform verified, or whom somebody labelled as human."""
    members = cluster.community.accounts
    for table, column, value, clue, words in (
        ("accounts", "verified", True, "against_verified", "verified by the platform"),
        ("labels", "label", "human", "against_labelled_human", "labelled human"),
        ("labels", "label", "managed", "labelled_managed", "already labelled as managed"),
    ):
        n = int(told_of(around.dataset, around.accounts, table, column, value)[members].sum())
        if n:
            yield _about(cluster, clue, f"{n} of {len(members)} members are {words}.", float(n))


def unknown_people(cluster: Cluster, around: Surroundings) -> Iterator[Evidence]:
    """What no log can say."""
    yield _about(
        cluster,
        "unknown_people",
        "Whether people or programs are behind the accounts is not known: acting together is not automation, and "
        "automation is not abuse.",
    )


def acted_later(cluster: Cluster, around: Surroundings) -> Iterator[Evidence]:
    """Per member and behaviour: how often it was the later one. Co-action is charged to the later actor only."""
    for tie in cluster.ties:
        pairs, window = tie.layer.pairs, tie.layer.surprise.window[tie.rows]
        a, b = pairs.account_a[tie.rows], pairs.account_b[tie.rows]
        a_later, b_later = pairs.b_first[tie.rows, window], pairs.a_first[tie.rows, window]
        met = tie.layer.surprise.met[tie.rows]
        for code in cluster.community.accounts:
            later = int(a_later[a == code].sum() + b_later[b == code].sum())
            in_all = int(met[(a == code) | (b == code)].sum())
            partners = int(((a == code) | (b == code)).sum())
            if in_all:
                yield _later(around, tie, int(code), later, in_all, partners)


def _later(around: Surroundings, tie: Tie, code: int, later: int, in_all: int, partners: int) -> Evidence:
    return Evidence(
        f"account:{around.ids(np.array([code]))[0]}",
        f"acted_later_{tie.layer.behaviour.name}",
        "B1",
        "self",
        float(later),
        "meetings",
        None,
        f"It and {partners} other members {tie.layer.behaviour.sentence} at {in_all:,} meetings; at {later:,} of them "
        "it was the later one.",
    )


CLUSTER_CLUES: tuple[ClusterClue, ...] = (
    meetings_beyond_chance,
    timing,
    against_one_behaviour,
    against_one_channel,
    against_history,
    against_verified,
    unknown_people,
)
"""Clues about a cluster, in the order in which its case file tells them."""

ACCOUNT_CLUES: tuple[ClusterClue, ...] = (acted_later,)
"""Clues about each member."""


def _windows(tie: Tie) -> str:
    seconds = sorted({int(w) // 1000 for w in tie.layer.window_of_pair[tie.rows]})
    words = {60: "a minute", 600: "ten minutes", 3600: "an hour", 21_600: "six hours"}
    widest = seconds[-1]
    return words.get(widest, f"{widest} s")


def _amount(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}"


def _plural(tie: Tie) -> str:
    return tie.layer.behaviour.sentence


def _tied_members(tie: Tie) -> Codes:
    return np.unique(np.concatenate([tie.layer.pairs.account_a[tie.rows], tie.layer.pairs.account_b[tie.rows]]))


def _objects_met(tie: Tie) -> Ints:
    """Objects of the occasions on which at least three in ten of the tied members acted (camouflage meets by twos)."""
    inside, occasions = _tied_members(tie), tie.layer.occasions
    acts = tie.acts[np.isin(occasions.account[tie.acts], inside)]
    met, count = np.unique(occasions.occasion[acts], return_counts=True)
    return np.unique(occasions.object_of[met[count >= max(2, 0.3 * len(inside))]]).astype(np.int64)


def _rows_of(tie: Tie, around: Surroundings) -> tuple[str, ...]:
    """References of the first rows, by time, at which members acted on the same occasions."""
    objects, actions = _objects_met(tie), tie.layer.actions
    theirs = around.actions_of(tie.layer).rows(_tied_members(tie))
    chosen = theirs[np.isin(actions.object[theirs], objects)][:MAX_ROWS]
    return name_sources(around.dataset, actions.tables, actions.source[chosen], actions.row[chosen])
