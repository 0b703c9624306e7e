// name: Where two accounts met
// asks: On which notes were both accounts, and how many seconds apart?
// gives: note_id: text, title: text?, first_did: text, first_at: time, second_did: text, second_at: time, seconds_apart: float
// use: Down to the rows for one pair; null for both takes the pair with the most meetings on notes.
// param account_a: text = null (one account's id)
// param account_b: text = null (the other's)
MATCH (a:Account)-[t:CO_ACTED]-(b:Account)
WHERE ($account_a IS NULL OR a.account_id = $account_a) AND ($account_b IS NULL OR b.account_id = $account_b)
WITH a, b, sum(CASE WHEN t.behaviour STARTS WITH 'note_' THEN t.meetings ELSE 0 END) AS meetings
ORDER BY meetings DESC, a.account_id, b.account_id LIMIT 1
MATCH (a)-[ra:WROTE|LIKED|COLLECTED|SHARED]->(xa), (b)-[rb:WROTE|LIKED|COLLECTED|SHARED]->(xb)
WHERE type(ra) = type(rb)
OPTIONAL MATCH (xa)-[:ON]->(na:Note)
OPTIONAL MATCH (xb)-[:ON]->(nb:Note)
WITH ra, rb, CASE WHEN xa:Note THEN xa ELSE na END AS n, CASE WHEN xb:Note THEN xb ELSE nb END AS m
WHERE n = m
WITH n, ra, rb, ra.created_at <= rb.created_at AS a_first
RETURN n.note_id AS note_id, n.title AS title,
       CASE WHEN a_first THEN 'the one: ' ELSE 'the other: ' END + toLower(type(ra)) AS first_did,
       CASE WHEN a_first THEN ra.created_at ELSE rb.created_at END AS first_at,
       CASE WHEN a_first THEN 'the other: ' ELSE 'the one: ' END + toLower(type(rb)) AS second_did,
       CASE WHEN a_first THEN rb.created_at ELSE ra.created_at END AS second_at,
       abs(ra.created_at.epochMillis - rb.created_at.epochMillis) / 1000.0 AS seconds_apart
ORDER BY first_at, note_id, second_at
LIMIT 200
