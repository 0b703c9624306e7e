"""Decisions: from evidence to proposed measures, by a policy that a moderator can read.

In: conduct, clusters, direction, roles, reports. Out: facts (all that a rule may read) and proposed decisions. What becomes of a
proposal (review, approval, application, appeal) is the ledger's.
"""
