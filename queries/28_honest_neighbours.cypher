// name: Neighbours that may have been pulled in by mistake
// asks: Which members hang on a cluster by few pairs or a low membership, or had a long life before it?
// gives: account_id: text, cluster_id: text, membership: float, role: text, ties: int, of: int, history: text, registered_at: time?, verified: bool?
// use: Read this before proposing anything for a cluster. Few ties of many possible, or an old account, asks for a second look.
// param cluster: text = null (a cluster's id; null: all clusters)
MATCH (a:Account)-[i:IN_CLUSTER]->(c:Cluster)
WHERE $cluster IS NULL OR c.cluster_id = $cluster
WITH a, i, c, COUNT { MATCH (a)-[:CO_ACTED]-(b:Account)-[:IN_CLUSTER]->(c) RETURN DISTINCT b } AS ties
RETURN a.account_id AS account_id, c.cluster_id AS cluster_id, i.membership AS membership, i.role AS role, ties,
       c.size - 1 AS of, a.history AS history, a.registered_at AS registered_at, a.verified AS verified
ORDER BY membership, toFloat(ties) / (c.size - 1), account_id
LIMIT 100
