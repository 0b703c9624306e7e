"""Giving: which texts of a column give contacts; most have too few letters and digits for any, and cost no Python.

In: a column of texts, piece by piece. Out: :class:`Contacts`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from graphscan.texts.arrays import Ints
from graphscan.texts.contacts import contacts_of
from graphscan.texts.letters import Texts, may_hold_contacts, pieces_of


class Contacts(NamedTuple):
    """One row is one token in one text: ``row`` is the text's place, ``token`` where it leads; each once per text."""

    row: Ints
    token: pa.Array


def find_contacts(texts: Texts) -> Contacts:
    """Return every contact token of every text, in the order of texts and, within one, of tokens.

    ``texts`` may hold whole texts or single addresses; null has no token.
    """
    rows, tokens, first = [np.zeros(0, np.int64)], [pa.array([], pa.string())], 0
    for piece in pieces_of(texts):
        found = _in_piece(piece)
        rows.append(found.row + first)
        tokens.append(found.token)
        first += len(piece)
    return Contacts(np.concatenate(rows), pa.concat_arrays(tokens))


def _in_piece(piece: pa.Array) -> Contacts:
    places = np.flatnonzero(may_hold_contacts(piece))
    given = piece.take(pa.array(places)).to_pylist()
    known = {text: contacts_of(text) for text in set(given)}
    counts = [len(known[text]) for text in given]
    return Contacts(np.repeat(places, counts), pa.array([t for text in given for t in known[text]], pa.string()))
