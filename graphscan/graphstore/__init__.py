"""Graphstore: a run (and its dataset) → a property graph in a Neo4j server, and the questions asked of it.

In: a run's folder, a dataset's folder where there is one. Out: nodes and relationships as :mod:`model` declares
them, the questions of ``queries/``, and a Browser page that walks an investigator through both.
"""
