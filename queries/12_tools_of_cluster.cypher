// name: The apps and tools behind a cluster
// asks: With which clients did the members act, and how often?
// gives: tool: text, actions: int, accounts: int, share_of_members: float
// use: A tool is a fact about how, not a verdict: schedulers and screen readers are tools too. A missing client is no data.
// param cluster: text = null (a cluster's id; null: the one with the highest score)
MATCH (c:Cluster) WHERE $cluster IS NULL OR c.cluster_id = $cluster
WITH c ORDER BY c.score DESC, c.size DESC, c.cluster_id LIMIT 1
MATCH (m:Account)-[:IN_CLUSTER]->(c)
WITH c, count(m) AS size
MATCH (a:Account)-[:IN_CLUSTER]->(c), (a)-[r:POSTED|WROTE|SENT|LIKED|COLLECTED|SHARED|FOLLOWED|VIEWED]->(x)
WITH size, a, CASE WHEN r.client IS NOT NULL THEN r.client WHEN x:Account THEN null ELSE x.client END AS client, type(r) AS did
WITH size, client, count(*) AS actions, count(DISTINCT a) AS accounts WHERE client IS NOT NULL
RETURN client AS tool, actions, accounts, toFloat(accounts) / size AS share_of_members
ORDER BY actions DESC, tool
LIMIT 50
