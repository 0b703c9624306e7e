"""The ledger: the life of a decision, append-only and hash-chained, from proposal to reversal."""
