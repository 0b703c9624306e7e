// name: Accounts on one device or network
// asks: Which members of clusters were registered on the same device, or in the same network?
// gives: what: text, value: text, accounts: int, clusters: list, account_ids: list
// use: Strong with a device, weak with a network: a campus or a mobile carrier is one network for thousands.
MATCH (a:Account)-[:IN_CLUSTER]->(c:Cluster)
UNWIND [['device', a.device], ['network', a.network]] AS shared
WITH shared[0] AS what, shared[1] AS value, a, c WHERE value IS NOT NULL
WITH what, value, count(DISTINCT a) AS accounts, collect(DISTINCT c.cluster_id) AS clusters, collect(DISTINCT a.account_id) AS ids
WHERE accounts > 1
RETURN what, value, accounts, clusters, ids[..20] AS account_ids
ORDER BY what, accounts DESC, value
LIMIT 100
