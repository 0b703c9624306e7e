"""Names for the kinds of arrays that this room works with.

In: nothing. Out: type names.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Points = npt.NDArray[np.uint32]
"""Characters as Unicode code points; above 0x10FFFF, hashes that stand for a whole tag, picture or link."""
Bytes = npt.NDArray[np.uint8]
Hashes = npt.NDArray[np.uint64]
