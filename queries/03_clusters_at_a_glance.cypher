// name: All clusters in one picture
// asks: Who belongs to which cluster?
// gives: p: path
// use: The map of the case: each red circle is a cluster, around it its members; large ones are its core.
MATCH p = (:Account)-[i:IN_CLUSTER]->(c:Cluster)
WITH p, i, c ORDER BY c.score DESC, c.cluster_id, i.membership DESC
RETURN p
LIMIT 300
