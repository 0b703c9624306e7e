// name: The ties inside one cluster
// asks: Which members acted together more often than opportunity explains?
// gives: p: path
// use: Open one cluster. A dense ball is a cluster in lockstep; a chain is weaker and asks for a look at its links.
// param cluster: text = null (a cluster's id; null: the one with the highest score)
MATCH (c:Cluster) WHERE $cluster IS NULL OR c.cluster_id = $cluster
WITH c ORDER BY c.score DESC, c.size DESC, c.cluster_id LIMIT 1
MATCH p = (a:Account)-[t:CO_ACTED]->(b:Account)
WHERE (a)-[:IN_CLUSTER]->(c) AND (b)-[:IN_CLUSTER]->(c)
RETURN p
ORDER BY t.p_value, t.meetings DESC, a.account_id, b.account_id
LIMIT 300
