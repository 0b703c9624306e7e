// name: What falls if a decision is overturned
// asks: Which decisions rest on this one, over any number of steps, and whom do they set free?
// gives: p: path
// use: Before upholding or overturning an appeal; every account in the picture is freed with it.
// param decision: text = null (a decision's id; null: the one on which the most rest)
MATCH (d:Decision) WHERE $decision IS NULL OR d.decision_id = $decision
WITH d, COUNT { (d)<-[:FOLLOWS]-() } AS upon ORDER BY upon DESC, d.decision_id LIMIT 1
MATCH (resting:Decision)-[:FOLLOWS*0..8]->(d)
WITH DISTINCT resting
MATCH p = (resting)-[:ABOUT|FOLLOWS]->()
RETURN p
LIMIT 300
