"""Motifs: patterns of synchronized action inside a cluster, each with its own null and p-value.

In: layers, clusters, the dataset. Out: found motifs, for the run's ``motifs`` table and as evidence.
"""

from graphscan.motifs.library import MOTIFS, Motif
from graphscan.motifs.search import FoundMotif, find_motifs
from graphscan.motifs.telling import motif_evidence, motifs_table

__all__ = ["MOTIFS", "FoundMotif", "Motif", "find_motifs", "motif_evidence", "motifs_table"]
