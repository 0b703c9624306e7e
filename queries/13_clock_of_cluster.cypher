// name: The hours at which a cluster is awake
// asks: At which hours of the day (UTC) do members act, and how many of them?
// gives: hour: int, actions: int, accounts: int
// use: People sleep. Twenty-four even hours, or one sharp hour for all, is worth a look; shift work is honest.
// param cluster: text = null (a cluster's id; null: the one with the highest score)
MATCH (c:Cluster) WHERE $cluster IS NULL OR c.cluster_id = $cluster
WITH c ORDER BY c.score DESC, c.size DESC, c.cluster_id LIMIT 1
MATCH (a:Account)-[:IN_CLUSTER]->(c), (a)-[r:POSTED|WROTE|SENT|LIKED|COLLECTED|SHARED|FOLLOWED]->()
RETURN r.created_at.hour AS hour, count(*) AS actions, count(DISTINCT a) AS accounts
ORDER BY hour
LIMIT 24
