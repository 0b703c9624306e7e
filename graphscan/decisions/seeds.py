"""Seeds: what reports and labels say of accounts before anything is spread, each with who says it.

In: the dataset's reports and labels, clusters. Out: :class:`Seeds`. A reporter counts by its record (labels tell where it was right);
all reporters inside one cluster are one group, so that a farm of reporters is one voice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from graphscan.accounts.deeds import Floats
from graphscan.behaviours.accounts import Accounts, note_authors, told_of
from graphscan.behaviours.actions import Flags, Ints
from graphscan.intake.dataset import Dataset
from graphscan.intake.wide import encode

REPORT_WORTH = 0.3  # METHOD stage 8: of a reporter who was always right; half of it without a record
SEED_CAP = 0.4  # METHOD stage 8: most that reports or a label count, in either direction


@dataclass(frozen=True)
class Seeds:
    """One row is what one voice (a group of reporters, or a label) says of one account.

    ``voice`` numbers the groups of reporters; -1 is a label, a decision already made. ``worth`` is positive against the
    account, at most :data:`SEED_CAP` for all its reports together.
    """

    account: Ints
    voice: Ints
    worth: Floats

    def __len__(self) -> int:
        return len(self.account)

    def total(self, n_accounts: int) -> Floats:
        """What all voices together say of each account."""
        return np.bincount(self.account, self.worth, minlength=n_accounts).astype(np.float64)


def find_seeds(dataset: Dataset, accounts: Accounts, cluster: Ints) -> Seeds:
    """Return the seeds; ``cluster`` is the number of each account's cluster, -1 for none."""
    labelled = [told_of(dataset, accounts, "labels", "label", label) for label in ("managed", "human")]
    account, voice, worth = _reports(dataset, accounts, cluster, *labelled)
    named = [np.flatnonzero(labelled[0] & ~labelled[1]), np.flatnonzero(labelled[1])]
    told = np.concatenate(named)
    return Seeds(
        np.concatenate([account, told]),
        np.concatenate([voice, np.full(len(told), -1)]),
        np.concatenate([worth, np.repeat([SEED_CAP, -SEED_CAP], [len(x) for x in named])]),
    )


def independent_reporters(seeds: Seeds, n_accounts: int) -> Ints:
    """How many voices reported each account or its notes."""
    return np.bincount(seeds.account[seeds.voice >= 0], minlength=n_accounts).astype(np.int64)


def reported(seeds: Seeds, n_accounts: int) -> Floats:
    """What reports alone say of each account, 0 to :data:`SEED_CAP`; labels left out."""
    told = seeds.voice >= 0
    total = np.bincount(seeds.account[told], seeds.worth[told], minlength=n_accounts)
    return np.asarray(np.round(total, 9), np.float64)


def _reports(
    dataset: Dataset, accounts: Accounts, cluster: Ints, managed: Flags, human: Flags
) -> tuple[Ints, Ints, Floats]:
    """Each voice's report of each account, once: account, voice, worth."""
    who, whom = _reported(dataset, accounts)
    group = np.where(cluster[who] >= 0, cluster[who] + len(accounts), who)  # a cluster is one voice
    each = np.unique(np.stack([group, whom], axis=1), axis=0)
    voices, voice = np.unique(each[:, 0], return_inverse=True)
    right = np.bincount(voice, managed[each[:, 1]], minlength=len(voices))
    wrong = np.bincount(voice, human[each[:, 1]], minlength=len(voices))
    precision = (right + 1) / (right + wrong + 2)
    doubt = -np.log1p(-REPORT_WORTH * precision[voice])
    together = np.bincount(each[:, 1], doubt, minlength=len(accounts))[each[:, 1]]
    said = np.minimum(SEED_CAP, -np.expm1(-together))
    return each[:, 1], voice.astype(np.int64), said * doubt / np.where(together > 0, together, 1.0)


def _reported(dataset: Dataset, accounts: Accounts) -> tuple[Ints, Ints]:
    """Who reported whom; the author stands for a note, and a note whose author is not known for nobody."""
    if "reports" not in dataset.tables:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    table = dataset.tables["reports"]
    by_note = pc.equal(table["target_kind"], "note").to_numpy()
    whom = encode(table["target_id"], accounts.ids).astype(np.int64)
    whom[by_note] = note_authors(dataset, accounts, "reports", "target_id")[by_note]
    who = accounts.codes(table["reporter_id"]).astype(np.int64)
    keep = (whom >= 0) & (who >= 0) & (who != whom)
    return who[keep], whom[keep]
