// name: The burst as a picture
// asks: Which members came to the note that most of them came to, and with which comments?
// gives: p: path
// use: Beside the film of the burst; put the note in the middle.
// param cluster: text = null (a cluster's id; null: the one with the highest score)
MATCH (c:Cluster) WHERE $cluster IS NULL OR c.cluster_id = $cluster
WITH c ORDER BY c.score DESC, c.size DESC, c.cluster_id LIMIT 1
MATCH (a:Account)-[:IN_CLUSTER]->(c), (a)-[:WROTE|ON|LIKED|COLLECTED|SHARED*1..2]->(n:Note)
WITH c, n, count(DISTINCT a) AS members ORDER BY members DESC, n.note_id LIMIT 1
MATCH p = (a:Account)-[:WROTE|ON|LIKED|COLLECTED|SHARED*1..2]->(n)
WHERE (a)-[:IN_CLUSTER]->(c)
RETURN p
LIMIT 300
