"""Accounts: what each account did on its own.

In: the dataset. Out: one profile per account. Clocks, regularity, templates and tools come with determination.
"""
