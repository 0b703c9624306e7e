"""Behaviours: what accounts do together, and how surprising that is.

In: the tables of a dataset. Out: per behaviour the pairs of accounts that met more often than chance explains.
"""
