// name: The clues of a cluster in sentences
// asks: What was found about this cluster and its members, in words, with value and chance?
// gives: about: text, clue: text, sentence: text, value: float?, unit: text?, p_value: float?, family: text
// use: To read, to copy into a case, and to check against the rows.
// param cluster: text = null (a cluster's id; null: the one with the highest score)
MATCH (c:Cluster) WHERE $cluster IS NULL OR c.cluster_id = $cluster
WITH c ORDER BY c.score DESC, c.size DESC, c.cluster_id LIMIT 1
CALL (c) {
  MATCH (e:Evidence)-[:ABOUT]->(c) RETURN e, 0 AS place
  UNION ALL
  MATCH (e:Evidence)-[:ABOUT]->(:Account)-[:IN_CLUSTER]->(c) RETURN e, 1 AS place
}
RETURN e.subject AS about, e.clue AS clue, e.sentence AS sentence, e.value AS value, e.unit AS unit,
       e.p_value AS p_value, e.family AS family
ORDER BY place, about, clue
LIMIT 200
