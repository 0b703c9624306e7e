"""Make graphscan/accounts/data/regularity.toml: how regular the gaps of a random poster can look, by their number.

In: nothing but a seed. Out: the table, on standard output (about a minute). Draws n exponential gaps, takes their
coefficient of variation (CoV), and repeats; the far tail, which plain draws never reach, comes from the same draws
with gamma gaps, weighted back to exponential ones (importance sampling with the balance heuristic, Veach 1995).
CoV does not depend on the mean gap, so the gaps are drawn as shares of their sum (Dirichlet).

    python benchmarks/regularity_table.py > graphscan/accounts/data/regularity.toml
"""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln, logsumexp

GAPS = (15, 16, 18, 20, 23, 26, 30, 35, 40, 50, 65, 80, 100, 140, 200, 300, 500, 1000, 2000)
P_VALUES = (
    0.99,
    0.9,
    0.75,
    0.5,
    0.3,
    0.2,
    0.1,
    0.05,
    0.02,
    0.01,
    3e-3,
    1e-3,
    1e-4,
    1e-5,
    1e-6,
    1e-8,
    1e-10,
    1e-12,
)
PROPOSALS = 16
PLAIN = 6  # as many further rounds without weights, for the p-values that plain draws do reach
DRAWS = 30_000


def shapes(n: int) -> np.ndarray:
    """Gamma shapes whose CoV runs from 1 down to about where p = 1e-12."""
    lowest = max(0.12, 1 - 7.2 / np.sqrt(n)) if n > 60 else 0.12
    return np.concatenate([np.ones(PLAIN), 1 / np.linspace(1.0, lowest, PROPOSALS) ** 2])


def draws(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """CoV of each draw, sorted, and its log weight towards exponential gaps."""
    k = shapes(n)
    count = min(DRAWS, 10_000_000 // n)
    cov, log_sum = [], []
    for shape in k:
        gaps = rng.gamma(shape, size=(count, n))
        share = gaps / gaps.sum(axis=1, keepdims=True)
        cov.append(share.std(axis=1, ddof=1) * n)
        log_sum.append(np.log(share).sum(axis=1))
    cov, log_sum = np.concatenate(cov), np.concatenate(log_sum)
    constant = gammaln(n * k) - n * gammaln(k) - gammaln(n)
    density = constant[None, :] + np.outer(log_sum, k - 1)
    log_weight = -(logsumexp(density, axis=1) - np.log(len(k)))
    order = np.argsort(cov)
    return cov[order], log_weight[order] - np.log(len(cov))


def critical(n: int, rng: np.random.Generator) -> list[float]:
    """CoV below which each p-value lies."""
    cov, log_weight = draws(n, rng)
    log_p = np.logaddexp.accumulate(log_weight)
    return [round(float(np.interp(np.log(p), log_p, cov)), 4) for p in reversed(P_VALUES)]


def main() -> None:
    rng = np.random.default_rng(20260310)
    print(
        "# Made by benchmarks/regularity_table.py: cov[i][j] is the coefficient of variation (standard deviation with"
    )
    print(
        "# n - 1, through the mean) that gaps[i] gaps of a random (Poisson) poster stay under with chance p_value[j]."
    )
    print(f"p_value = {list(reversed(P_VALUES))}")
    print(f"gaps = {list(GAPS)}")
    print("cov = [")
    for n in GAPS:
        print(f"  {critical(n, rng)},")
    print("]")


if __name__ == "__main__":
    main()
