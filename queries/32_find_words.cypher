// name: Find words
// asks: Which notes, comments and messages hold these words, and who wrote them?
// gives: at: time, account_id: text, kind: text, id: text, words: text, cluster_id: text?
// use: A lead from outside: a product, a slogan, a code word.
// param words: text = 链接 (what to look for, letter for letter)
MATCH (a:Account)-[r:POSTED|WROTE|SENT]->(x)
WHERE x.text CONTAINS $words OR x.title CONTAINS $words
RETURN r.created_at AS at, a.account_id AS account_id, labels(x)[0] AS kind,
       coalesce(x.note_id, x.comment_id, x.message_id) AS id, coalesce(x.text, x.title) AS words, a.cluster_id AS cluster_id
ORDER BY at, id
LIMIT 100
