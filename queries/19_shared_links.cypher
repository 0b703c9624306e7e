// name: The shared product links, and where they lead
// asks: Which links do several accounts carry, to which host, and how many of these accounts are in clusters?
// gives: link: text, host: text?, accounts: int, in_clusters: int, carriers: int, first_at: time, last_at: time
// use: The money end of a campaign. A link that many strangers carry is just popular.
MATCH (a:Account)-[:POSTED|WROTE|SENT]->(x)-[:CARRIES]->(l:Link)
WITH l, a, min(x.created_at) AS first_at, max(x.created_at) AS last_at, count(x) AS times,
     EXISTS { (a)-[:IN_CLUSTER]->() } AS clustered
WITH l, count(a) AS accounts, sum(CASE WHEN clustered THEN 1 ELSE 0 END) AS in_clusters, sum(times) AS carriers,
     min(first_at) AS first_at, max(last_at) AS last_at
WHERE accounts > 1
RETURN l.link AS link, l.host AS host, accounts, in_clusters, carriers, first_at, last_at
ORDER BY in_clusters DESC, accounts DESC, link
LIMIT 100
