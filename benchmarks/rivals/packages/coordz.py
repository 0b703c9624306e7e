"""coordinationz, the real package: LOG.npz PAIRS.npz REALIZATIONS → pairs whose cosine is significant under its shuffled null.

Runs inside the package's own environment; the filter by degree is done here, since its own lies in a file that imports spacy, which the
package does not declare. Its published work uses 100,000 shuffles, which do not end here; accounts with ten objects or more are
compared, as its configuration has it, and time plays no part in it.
"""

import sys

import numpy as np
from coordinationz.nullmodel import bipartiteNullModelSimilarity

LEAST_OBJECTS, LEAST_SIMILARITY, P = 10, 0.3, 0.01


def main(log_path, pairs_path, realizations):
    log = np.load(log_path)
    edges = np.unique(np.stack([log["account"], log["object"]], axis=1), axis=0)
    edges = edges[np.bincount(edges[:, 1])[edges[:, 1]] >= 2]
    edges = edges[np.bincount(edges[:, 0])[edges[:, 0]] >= LEAST_OBJECTS]
    found = bipartiteNullModelSimilarity(
        np.array([(f"a{a}", f"o{o}") for a, o in edges.tolist()]),
        scoreType="pvalue",
        realizations=realizations,
        minSimilarity=LEAST_SIMILARITY,
        idf="smoothlog",
        workers=2,
        showProgress=False,
    )
    codes = np.array([int(name[1:]) for name in found["labels"]], np.int64)
    chosen = np.asarray(found["pvalues"]) <= P
    np.savez(pairs_path, pairs=codes[np.asarray(found["indexedEdges"])[chosen]].reshape(-1, 2))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
