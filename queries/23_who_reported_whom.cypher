// name: Who reported whom
// asks: Who filed reports about what, and who wrote what was reported?
// gives: p: path
// use: Reports that come in a burst from one cluster may be an attack on the reported one.
MATCH p = (who:Account)-[:FILED]->(r:Report)-[:ABOUT]->(x)
OPTIONAL MATCH q = (x)<-[:POSTED]-(:Account)
WITH r, p, q ORDER BY r.created_at, r.report_id
UNWIND CASE WHEN q IS NULL THEN [p] ELSE [p, q] END AS path
RETURN path AS p
LIMIT 200
