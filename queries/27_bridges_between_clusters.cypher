// name: Bridges between clusters
// asks: Which two clusters share notes or links, and how many members of each came there?
// gives: cluster_a: text, cluster_b: text, shared_notes: int, shared_links: int, pairs_across: int
// use: One operator may run several clusters; a popular note also brings strangers together, so look at pairs and links first.
MATCH (x:Cluster), (y:Cluster) WHERE x.cluster_id < y.cluster_id
WITH x, y,
  COUNT { MATCH (n:Note) WHERE EXISTS { (n)<-[:ON|WROTE|LIKED|COLLECTED|SHARED*1..2]-(:Account)-[:IN_CLUSTER]->(x) }
    AND EXISTS { (n)<-[:ON|WROTE|LIKED|COLLECTED|SHARED*1..2]-(:Account)-[:IN_CLUSTER]->(y) } RETURN n } AS shared_notes,
  COUNT { MATCH (l:Link) WHERE EXISTS { (l)<-[:CARRIES]-()<-[:POSTED|WROTE|SENT]-(:Account)-[:IN_CLUSTER]->(x) }
    AND EXISTS { (l)<-[:CARRIES]-()<-[:POSTED|WROTE|SENT]-(:Account)-[:IN_CLUSTER]->(y) } RETURN l } AS shared_links,
  COUNT { (x)<-[:IN_CLUSTER]-(:Account)-[:CO_ACTED]-(:Account)-[:IN_CLUSTER]->(y) } AS pairs_across
WHERE shared_notes + shared_links + pairs_across > 0
RETURN x.cluster_id AS cluster_a, y.cluster_id AS cluster_b, shared_notes, shared_links, pairs_across
ORDER BY pairs_across DESC, shared_links DESC, shared_notes DESC, cluster_a, cluster_b
LIMIT 100
