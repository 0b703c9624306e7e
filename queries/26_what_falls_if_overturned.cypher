// name: What falls if a decision is overturned
// asks: Which decisions rest on this one or came from the same cluster, so that they are looked at again, and whom are they about?
// gives: p: path
// use: Before upholding or overturning an appeal; every account in the picture may be freed with it.
// param decision: text = null (a decision's id; null: the one beside which the most would be looked at)
MATCH (d:Decision) WHERE $decision IS NULL OR d.decision_id = $decision
WITH d, COUNT { (d)<-[:FOLLOWS]-() } + COUNT { (d)-[:CAME_FROM]->()<-[:CAME_FROM]-() } AS upon
ORDER BY upon DESC, d.decision_id LIMIT 1
OPTIONAL MATCH (resting:Decision)-[:FOLLOWS*1..8]->(d)
WITH d, collect(DISTINCT resting) AS resting
OPTIONAL MATCH (d)-[:CAME_FROM]->(:Cluster)<-[:CAME_FROM]-(sibling:Decision)
WITH d, resting, collect(DISTINCT sibling) AS siblings
UNWIND [d] + resting + siblings AS touched
WITH DISTINCT touched
MATCH p = (touched)-[:ABOUT|CAME_FROM|FOLLOWS]->(end) WHERE NOT end:Evidence
RETURN p
LIMIT 300
