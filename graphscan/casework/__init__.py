"""What people read and do about a decision: the notice to the account holder, the reviewer's case, statements of reasons, the queue.

In: decisions as the ledger keeps them, and the runs behind them. Out: text, HTML, JSON, and a web page on this machine.
"""

APPEAL_ADDRESS = "https://platform.example/appeals"
"""Where appeals are made, as a notice tells it, until a platform gives its own address."""
