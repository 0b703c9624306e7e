// name: Everything that carries one link
// asks: Who carried this link, in which notes, comments and messages?
// gives: p: path
// use: The link in the middle; members of clusters are orange, others grey-blue.
// param link: text = null (a link; null: the one carried by the most accounts in clusters)
MATCH (a:Account)-[:POSTED|WROTE|SENT]->()-[:CARRIES]->(l:Link)
WHERE $link IS NULL OR l.link = $link
WITH l, count(DISTINCT CASE WHEN EXISTS { (a)-[:IN_CLUSTER]->() } THEN a END) AS members, count(DISTINCT a) AS accounts
ORDER BY members DESC, accounts DESC, l.link LIMIT 1
MATCH p = (:Account)-[:POSTED|WROTE|SENT]->()-[:CARRIES]->(l)
RETURN p
LIMIT 150
