// name: How a cluster's burst unfolded
// asks: On the object most members came to, who did what, when, and how long after the first of them?
// gives: seconds_after_first: float, account_id: text, did: text, words: text?, tool: text?, at: time, note_id: text
// use: Read from the top like a film of the burst; equal steps and equal words are what to look for.
// param cluster: text = null (a cluster's id; null: the one with the highest score)
MATCH (c:Cluster) WHERE $cluster IS NULL OR c.cluster_id = $cluster
WITH c ORDER BY c.score DESC, c.size DESC, c.cluster_id LIMIT 1
MATCH (a:Account)-[:IN_CLUSTER]->(c)
CALL (a) {
  MATCH (a)-[:WROTE]->(d:Comment)-[:ON]->(n:Note)
  RETURN n, d.created_at AS at, 'commented' AS did, d.text AS words, d.client AS tool
  UNION ALL
  MATCH (a)-[r:LIKED|COLLECTED|SHARED]->(n:Note)
  RETURN n, r.created_at AS at, toLower(type(r)) AS did, null AS words, r.client AS tool
}
WITH n, a, at, did, words, tool ORDER BY at
WITH n, count(DISTINCT a) AS members, min(at) AS began,
     collect({a: a, at: at, did: did, words: words, tool: tool}) AS acts
WHERE began IS NOT NULL
ORDER BY members DESC, n.note_id LIMIT 1
UNWIND acts AS act
RETURN duration.inSeconds(began, act.at).milliseconds / 1000.0 AS seconds_after_first,
       act.a.account_id AS account_id, act.did AS did, act.words AS words, act.tool AS tool, act.at AS at,
       n.note_id AS note_id
ORDER BY at, account_id, did
LIMIT 300
