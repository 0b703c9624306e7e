// name: The clusters, and why each is one
// asks: Which clusters are there, how strong is each, and which clues speak for and against it?
// gives: cluster_id: text, accounts: int, score: float?, measure: text?, why: list, behaviours: list, first_at: time?, last_at: time?
// use: The list to start from; take a cluster_id from here into the other questions.
MATCH (c:Cluster)
OPTIONAL MATCH (e:Evidence)-[:ABOUT]->(c)
WITH c, e ORDER BY e.clue
WITH c, collect(e.sentence) AS why
RETURN c.cluster_id AS cluster_id, c.size AS accounts, c.score AS score, c.measure AS measure, why,
       c.behaviours AS behaviours, c.first_at AS first_at, c.last_at AS last_at
ORDER BY score DESC, accounts DESC, cluster_id
LIMIT 100
