"""Accounts: what each account did on its own.

In: the dataset; where known, clusters and shared templates. Out: one profile per account, its conduct (clock, sleep,
replies, heartbeat, tools, registration, signs of a person), the evidence of it in sentences, and a probability.
"""
