// name: The notes a cluster gathers on, and whose they are
// asks: To which notes did the most members come, and who wrote these notes?
// gives: note_id: text, title: text?, author: text?, author_in_cluster: bool, members: int, first_at: time, last_at: time
// use: Who gains from the cluster: one author again and again is a customer, or a victim.
// param cluster: text = null (a cluster's id; null: the one with the highest score)
MATCH (c:Cluster) WHERE $cluster IS NULL OR c.cluster_id = $cluster
WITH c ORDER BY c.score DESC, c.size DESC, c.cluster_id LIMIT 1
MATCH (a:Account)-[:IN_CLUSTER]->(c)
MATCH (a)-[r:WROTE|LIKED|COLLECTED|SHARED]->(x)
OPTIONAL MATCH (x)-[:ON]->(under:Note)
WITH c, a, r.created_at AS at, CASE WHEN x:Note THEN x ELSE under END AS n
WHERE n IS NOT NULL
WITH c, n, count(DISTINCT a) AS members, min(at) AS first_at, max(at) AS last_at
WHERE members > 1
OPTIONAL MATCH (author:Account)-[:POSTED]->(n)
RETURN n.note_id AS note_id, n.title AS title, author.account_id AS author,
       EXISTS { (author)-[:IN_CLUSTER]->(c) } AS author_in_cluster, members, first_at, last_at
ORDER BY members DESC, first_at, note_id
LIMIT 100
