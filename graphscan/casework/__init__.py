"""Casework: what people read and do about a decision: notices, the reviewer's case page, the queue, the statement of reasons."""
