// name: Who leads and who follows
// asks: Which members act first at meetings, and which later?
// gives: account_id: text, first: int, later: int, share_first: float, partners: int
// use: A member that is nearly always first may be the one that is boosted, or the operator's own.
// param cluster: text = null (a cluster's id; null: the one with the highest score)
MATCH (c:Cluster) WHERE $cluster IS NULL OR c.cluster_id = $cluster
WITH c ORDER BY c.score DESC, c.size DESC, c.cluster_id LIMIT 1
MATCH (a:Account)-[:IN_CLUSTER]->(c)
MATCH (a)-[t:CO_ACTED]-(b:Account)-[:IN_CLUSTER]->(c)
WITH a, b, t.follower AS later_counts, startNode(t) = a AS is_a
WITH a, count(DISTINCT b) AS partners,
     sum(CASE WHEN is_a THEN later_counts[1] ELSE later_counts[0] END) AS first,
     sum(CASE WHEN is_a THEN later_counts[0] ELSE later_counts[1] END) AS later
WHERE first + later > 0
RETURN a.account_id AS account_id, first, later, toFloat(first) / (first + later) AS share_first, partners
ORDER BY share_first DESC, first DESC, account_id
LIMIT 100
