// name: Accounts registered together
// asks: Which members of one cluster were registered within so many minutes of each other?
// gives: cluster_id: text, account_a: text, account_b: text, minutes_apart: float, same_device: bool?, same_network: bool?
// use: Accounts made in one sitting. One phone shop or campus network also looks so: see whether device and network agree.
// param cluster: text = null (a cluster's id; null: all clusters)
// param minutes: int = 60 (how far apart at most)
MATCH (a:Account)-[:IN_CLUSTER]->(c:Cluster)<-[:IN_CLUSTER]-(b:Account)
WHERE ($cluster IS NULL OR c.cluster_id = $cluster) AND a.account_id < b.account_id
  AND a.registered_at <= b.registered_at + duration({minutes: $minutes})
  AND b.registered_at <= a.registered_at + duration({minutes: $minutes})
RETURN c.cluster_id AS cluster_id, a.account_id AS account_a, b.account_id AS account_b,
       abs(a.registered_at.epochMillis - b.registered_at.epochMillis) / 60000.0 AS minutes_apart,
       a.device = b.device AS same_device, a.network = b.network AS same_network
ORDER BY minutes_apart, cluster_id, account_a, account_b
LIMIT 200
