"""Jobs: one periodic pass over new data with the same state, and what changed since the last."""
