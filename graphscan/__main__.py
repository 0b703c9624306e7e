"""``python -m graphscan``: the same as the ``graphscan`` command."""

import sys

from graphscan.cli import main

sys.exit(main())
