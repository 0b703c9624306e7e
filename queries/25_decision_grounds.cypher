// name: On what a decision rests
// asks: Which decisions does this one follow, whom are they about, and from which cluster did they come?
// gives: p: path
// use: Before confirming a decision: walk down to its ground.
// param decision: text = null (a decision's id; null: the one with the most grounds)
MATCH (d:Decision) WHERE $decision IS NULL OR d.decision_id = $decision
WITH d, COUNT { (d)-[:FOLLOWS]->() } AS grounds ORDER BY grounds DESC, d.decision_id LIMIT 1
MATCH (d)-[:FOLLOWS*0..8]->(ground:Decision)
WITH DISTINCT ground
MATCH p = (ground)-[:ABOUT|CAME_FROM|FOLLOWS]->()
RETURN p
LIMIT 200
