"""Fan-out copy: one template, many accounts, another product in the slot, within a day.

In: a scene. Out: occurrences, and a p-value against accounts that might as well have been it. Texts are compared
where a layer of texts ties the cluster (``template_used`` or ``text_copied``). Source: METHOD stage 4, M5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.behaviours.actions import DAY_MS, Codes, Ints
from graphscan.behaviours.indexing import Index, index_rows
from graphscan.behaviours.layer import Layer
from graphscan.behaviours.normal import normalise_link
from graphscan.intake.columns import rows_at
from graphscan.motifs import kernels
from graphscan.motifs.chance import SURROGATES, count_tail, over_all
from graphscan.motifs.occurrences import Occurrence
from graphscan.motifs.rows import first_of
from graphscan.motifs.scene import Scene
from graphscan.texts import find_contacts

TEXT_LAYERS = ("template_used", "text_copied")
LEAST_ACCOUNTS = 3
LEAST_PRODUCTS = 3


@dataclass(frozen=True)
class _Offers:
    """Texts that carry a product, sorted by template and time: one row is one text."""

    template: Codes
    account: Codes
    at_ms: Ints
    product: Codes
    products: pa.Array

    def where(self, rows: Ints) -> _Offers:
        return _Offers(self.template[rows], self.account[rows], self.at_ms[rows], self.product[rows], self.products)


def find_fan_outs(scene: Scene) -> list[Occurrence]:
    """Return every day-long stretch in which at least three members used one template for at least three products."""
    return [
        _fan_out(layer, own, lo, hi)
        for layer in _text_layers(scene)
        for own in [_of(*_offers(scene, layer), scene.members)]
        for lo, hi in _stretches(own).tolist()
    ]


def chance_of_fan_outs(scene: Scene, found: Sequence[Occurrence], rng: np.random.Generator) -> float:
    """The p-value of so many when the members are dealt anew among alike accounts that offer products."""
    return over_all([_chance_in_layer(scene, layer, rng) for layer in _text_layers(scene)]) if found else 1.0


def _text_layers(scene: Scene) -> list[Layer]:
    return [layer for layer in scene.layers if layer.behaviour.name in TEXT_LAYERS]


def _of(offers: _Offers, index: Index, accounts: Codes) -> _Offers:
    return offers.where(index.rows(accounts))


def _offers(scene: Scene, layer: Layer) -> tuple[_Offers, Index]:
    """The offers of everybody in one layer, made once per world."""
    kept = scene.world.remembered
    if layer.behaviour.name not in kept:
        offers = _read_offers(scene, layer)
        kept[layer.behaviour.name] = (offers, index_rows(offers.account, len(scene.world.accounts)))
    offers, index = kept[layer.behaviour.name]
    return offers, index


def _read_offers(scene: Scene, layer: Layer) -> _Offers:
    parts = [_offered(scene, layer, k) for k in range(len(layer.actions.tables))]
    row = np.concatenate([r for r, _ in parts])
    encoded = pa.concat_arrays([p for _, p in parts]).dictionary_encode()
    product = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32)
    actions = layer.actions
    order = np.lexsort((actions.account[row], actions.at_ms[row], actions.object[row]))
    order = order[product[order] >= 0]
    chosen = row[order]
    return _Offers(
        actions.object[chosen],
        actions.account[chosen],
        actions.at_ms[chosen],
        product[order],
        encoded.dictionary,
    )


def _offered(scene: Scene, layer: Layer, source: int) -> tuple[Ints, pa.Array]:
    """Rows of the actions of one source, and the product of each: its first link, else its first contact token, else null."""
    rows = np.flatnonzero(layer.actions.source == source)
    table = scene.world.dataset.tables[layer.actions.tables[source]]
    taken = rows_at(table.select(["text", "links"]), layer.actions.row[rows])
    links = first_of(taken["links"].combine_chunks()).to_pylist()
    products = [normalise_link(link) if link else None for link in links]
    contacts = find_contacts(taken["text"].combine_chunks())
    for row, token in zip(contacts.row[::-1].tolist(), contacts.token.to_pylist()[::-1], strict=True):
        products[row] = products[row] if links[row] else token
    return rows, pa.array(products, pa.string())


def _stretches(offers: _Offers) -> Ints:
    """Non-overlapping stretches (first, last + 1) of one template within a day with enough accounts and products."""
    columns = (offers.template, offers.account, offers.at_ms, offers.product)
    return np.asarray(kernels.find_stretches(*columns, DAY_MS, LEAST_ACCOUNTS, LEAST_PRODUCTS), np.int64)


def _fan_out(layer: Layer, offers: _Offers, lo: int, hi: int) -> Occurrence:
    products = offers.products.take(pa.array(np.unique(offers.product[lo:hi]))).to_pylist()
    template = str(layer.actions.objects[int(offers.template[lo])].as_py())
    return Occurrence(
        tuple(dict.fromkeys(offers.account[lo:hi].tolist())),
        (template, *sorted(products)),
        int(offers.at_ms[lo]),
        int(offers.at_ms[hi - 1]),
    )


def _chance_in_layer(scene: Scene, layer: Layer, rng: np.random.Generator) -> float:
    offers = _offers(scene, layer)
    seen = len(_stretches(_of(*offers, scene.members)))
    cast = scene.world.casting(scene.members)
    drawn = [len(_stretches(_of(*offers, cast(rng)))) for _ in range(SURROGATES)]
    return count_tail(seen, np.array(drawn, np.float64))
