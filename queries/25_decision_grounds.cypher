// name: On what a decision rests
// asks: Which clues and decisions does this one follow, on which input rows do they rest, and whom are they about?
// gives: p: path
// use: Before confirming a decision: walk down to its ground.
// param decision: text = null (a decision's id; null: the one with the most grounds)
MATCH (d:Decision) WHERE $decision IS NULL OR d.decision_id = $decision
WITH d, COUNT { (d)-[:FOLLOWS]->() } AS grounds ORDER BY grounds DESC, d.decision_id LIMIT 1
MATCH (d)-[:FOLLOWS*0..8]->(ground)
WITH DISTINCT ground
MATCH p = (ground)-[:ABOUT|CAME_FROM|FOLLOWS|RESTS_ON]->()
RETURN p
LIMIT 200
