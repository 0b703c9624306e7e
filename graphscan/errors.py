"""What can go wrong, told once and plainly: each error is one message and one exit code.

A message names the thing, the value found and what is allowed. No error of this tool is ever turned into an
empty result: an error read as "nothing found" would acquit by accident.
"""


class GraphscanError(Exception):
    """The input or the settings are wrong; the command ends with exit code 1 and leaves nothing behind."""

    exit_code = 1


class InputError(GraphscanError):
    """A dataset or a foreign export cannot be read as it is."""


class SettingsError(GraphscanError):
    """A setting is unknown or outside what is allowed; every mistake is told at once."""


class OutputError(GraphscanError):
    """The output cannot be written where it was asked for (it exists already, or its parent is missing)."""


class LedgerError(GraphscanError):
    """The ledger refuses a step: the state, the person or a guard does not allow it. Nothing was changed."""


class OutsideError(GraphscanError):
    """Something outside failed (a full disk, a server); running again is safe. Exit code 75."""

    exit_code = 75
