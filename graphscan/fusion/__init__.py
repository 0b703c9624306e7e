"""Fusion: what all layers say together of a pair and of a cluster, and whether it holds on what found nothing.

In: layers, clusters, conduct. Out: the ties of clustered accounts, and each cluster's strength.
"""
