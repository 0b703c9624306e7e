// name: Strangers who came at the same time
// asks: Who outside the cluster commented on its notes within some minutes of a member?
// gives: account_id: text, notes: int, cluster_id: text?, history: text?, partners: int?
// use: Ordinary readers who would be hit by a careless rule, and perhaps members that were missed.
// param cluster: text = null (a cluster's id; null: the one with the highest score)
// param minutes: int = 10 (how near to a member's comment)
MATCH (c:Cluster) WHERE $cluster IS NULL OR c.cluster_id = $cluster
WITH c ORDER BY c.score DESC, c.size DESC, c.cluster_id LIMIT 1
MATCH (a:Account)-[:IN_CLUSTER]->(c), (a)-[:WROTE]->(d:Comment)-[:ON]->(n:Note)<-[:ON]-(e:Comment)<-[:WROTE]-(b:Account)
WHERE NOT (b)-[:IN_CLUSTER]->(c) AND abs(d.created_at.epochMillis - e.created_at.epochMillis) <= $minutes * 60000
RETURN b.account_id AS account_id, count(DISTINCT n) AS notes, b.cluster_id AS cluster_id, b.history AS history,
       b.partners AS partners
ORDER BY notes DESC, account_id
LIMIT 100
