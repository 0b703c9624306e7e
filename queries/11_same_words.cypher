// name: The same words from several members
// asks: Which comments and notes of members read alike, letter for letter?
// gives: words: text, accounts: int, times: int, first_at: time, last_at: time, account_ids: list
// use: Copied texts are a script; everyday words ("nice") are not, so read them.
// param cluster: text = null (a cluster's id; null: the one with the highest score)
MATCH (c:Cluster) WHERE $cluster IS NULL OR c.cluster_id = $cluster
WITH c ORDER BY c.score DESC, c.size DESC, c.cluster_id LIMIT 1
MATCH (a:Account)-[:IN_CLUSTER]->(c), (a)-[:WROTE|POSTED|SENT]->(x)
WHERE x.text IS NOT NULL
WITH x.text AS words, count(DISTINCT a) AS accounts, count(*) AS times, min(x.created_at) AS first_at,
     max(x.created_at) AS last_at, collect(DISTINCT a.account_id) AS ids
WHERE accounts > 1
RETURN words, accounts, times, first_at, last_at, ids[..20] AS account_ids
ORDER BY accounts DESC, times DESC, words
LIMIT 100
