// name: The evidence for a cluster
// asks: Which clues are there about the cluster itself, and on which notes, comments and messages do they rest?
// gives: p: path
// use: From the claim to the rows. Clues named "against" and "unknown" are there to be read first.
// param cluster: text = null (a cluster's id; null: the one with the highest score)
MATCH (c:Cluster) WHERE $cluster IS NULL OR c.cluster_id = $cluster
WITH c ORDER BY c.score DESC, c.size DESC, c.cluster_id LIMIT 1
MATCH p = (c)<-[:ABOUT]-(e:Evidence)
OPTIONAL MATCH q = (e)-[:RESTS_ON]->()
WITH p, collect(q)[..12] AS rows
UNWIND CASE WHEN rows = [] THEN [p] ELSE [p] + rows END AS path
RETURN path AS p
LIMIT 300
