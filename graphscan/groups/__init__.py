"""Groups: from validated pairs to clusters.

In: validated pairs per behaviour (a layer each). Out: clusters with the membership of every account in them, and a timing check.
"""
