"""Identity: what ties two accounts before either has done anything: one registration batch, one device.

In: the dataset's accounts and their registration batches. Out: a p-value per pair. NaN is no data: a place or a device that is not
recorded ties nobody and parts nobody.
"""

from __future__ import annotations

import numpy as np

from graphscan.accounts.deeds import Floats
from graphscan.accounts.registration import LEAST, Registration
from graphscan.behaviours.accounts import Accounts
from graphscan.behaviours.actions import Ints
from graphscan.behaviours.normal import without_placeholders
from graphscan.intake.dataset import Dataset
from graphscan.intake.wide import encode, whole


def registered_together(found: Registration, a: Ints, b: Ints) -> Floats:
    """The p-value of the batch that both were registered in, 1 where they were not, NaN where it is not known."""
    worth = np.array([batch.p_value for batch in found.batches] + [1.0])
    known = ~np.isnan(found.p_value[a]) & ~np.isnan(found.p_value[b])
    same = (found.batch[a] == found.batch[b]) & (found.batch[a] >= 0)
    return np.where(known, np.where(same, worth[found.batch[a]], 1.0), np.nan)


def device_shared(dataset: Dataset, accounts: Accounts, placeholders: tuple[str, ...], a: Ints, b: Ints) -> Floats:
    """How usual it is to share a device, for pairs that do; 1 for pairs that do not, NaN where it is not known.

    The share of pairs of accounts that share any device, taken without the pair's own: a farm on one telephone must not
    make telephones look shared. A device of fewer than three accounts is a couple's and ties nobody.
    """
    device = _devices(dataset, accounts, placeholders)
    users = np.bincount(device[device >= 0], minlength=1).astype(np.float64)
    pairs, known = users * (users - 1) / 2, float((device >= 0).sum())
    chance = np.minimum(1.0, (1 + pairs.sum() - pairs) / (1 + (known - users) * (known - users - 1) / 2))
    shared = (device[a] == device[b]) & (users[device[a]] >= LEAST["device"])
    return np.where((device[a] >= 0) & (device[b] >= 0), np.where(shared, chance[device[a]], 1.0), np.nan)


def _devices(dataset: Dataset, accounts: Accounts, placeholders: tuple[str, ...]) -> Ints:
    device = np.full(len(accounts), -1, np.int64)
    if dataset.has("accounts", "device"):
        table = dataset.tables["accounts"]
        cleaned = without_placeholders(whole(table["device"]), placeholders)
        device[accounts.codes(table["account_id"])] = encode(cleaned, cleaned.unique().drop_null())
    return device
