"""The register of rivals: each with its source, its setting, whether it is the original, and its licence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from rivals.coortweet import coortweet
from rivals.fraudar import fraudar
from rivals.rules import co_share, svn, synchrotrap, tf_idf

Rule = Callable[[np.ndarray, np.ndarray, np.ndarray], "np.ndarray | list[np.ndarray]"]
"""Codes of accounts, codes of objects, times in ms → pairs (n × 2), or a list of clusters."""


@dataclass(frozen=True)
class Rival:
    """One method of others.

    ``rule`` is it re-made; ``script`` instead is a file of ``packages/`` that calls the original, whose ``requirements`` are put into an
    environment of their own. ``setting`` says in words what ``arguments`` ask for. Slow ones (a minute of CPU or so on the injected
    log) are measured on one seed.
    """

    name: str
    source: str
    setting: str
    licence: str
    rule: Rule | None = None
    script: str = ""
    requirements: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    slow: bool = False

    @property
    def original(self) -> bool:
        """Whether the original package runs, not its rule re-made."""
        return bool(self.script)

    @property
    def told(self) -> str:
        """One line: original or re-made, from what, with which setting."""
        return f"{'original package' if self.original else 're-made'}: {self.source}; {self.setting} ({self.licence})"


_CNT = ("coordination-network-toolkit==1.5.2", "numpy<3")
_CNT_SOURCE = "coordination-network-toolkit 1.5.2, co_reply"

RIVALS: tuple[Rival, ...] = (
    Rival(
        "co-share, k ≥ 2",
        "CooRnet's rule, Giglietto et al. 2020",
        "two common objects within 60 s",
        "rule only; CooRnet is MIT",
        partial(co_share, k=2),
    ),
    Rival(
        "co-share, k ≥ 3",
        "CooRnet's rule, Giglietto et al. 2020",
        "three common objects within 60 s",
        "rule only; CooRnet is MIT",
        partial(co_share, k=3),
    ),
    Rival(
        "CooRTweet",
        "CooRTweet 2.1.3 in R, equal to its recorded outputs",
        "60 s, two participations, edges above the median weight",
        "rule only; CooRTweet is MIT",
        coortweet,
    ),
    Rival(
        "CNT, w ≥ 2",
        _CNT_SOURCE,
        "60 s, edge weight 2",
        "MIT",
        script="cnt.py",
        requirements=_CNT,
        arguments=("2",),
    ),
    Rival(
        "CNT, w ≥ 3",
        _CNT_SOURCE,
        "60 s, edge weight 3",
        "MIT",
        script="cnt.py",
        requirements=_CNT,
        arguments=("3",),
    ),
    Rival(
        "coordinationz",
        "coordinationz 0.2.2",
        "1,000 shuffles of its 100,000, ten objects or more, cosine ≥ .3, p ≤ .01",
        "MIT",
        script="coordz.py",
        requirements=("coordinationz==0.2.2",),
        arguments=("1000",),
    ),
    Rival("TF-IDF cosine", "Pacheco et al. 2021", "cosine ≥ .5, five actions or more", "rule only", tf_idf),
    Rival("SVN", "Tumminello et al. 2011", "object × ten minutes, FDR 1 %", "rule only", svn),
    Rival(
        "bicm",
        "bicm 3.4.0, the SVN against the bipartite configuration model",
        "object × ten minutes, Poisson, FDR 1 %",
        "MIT",
        script="bicm_svn.py",
        requirements=("bicm==3.4.0",),
        arguments=("0.01",),
        slow=True,
    ),
    Rival("FRAUDAR", "Hooi et al. 2016", "the 30 densest blocks", "rule only", fraudar, slow=True),
    Rival(
        "SynchroTrap, ≥ .5",
        "Cao et al. 2014, its Jaccard",
        "(object, hour) pairs alike ≥ .5, two at least",
        "rule only",
        synchrotrap,
    ),
    Rival(
        "SynchroTrap, ≥ .2",
        "Cao et al. 2014, its Jaccard",
        "(object, hour) pairs alike ≥ .2, two at least",
        "rule only",
        partial(synchrotrap, least=0.2),
    ),
)
"""Every rival, in the order of the tables."""
