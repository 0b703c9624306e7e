// name: Expand from a seed
// asks: Who is reached from this account in up to two steps of validated pairs?
// gives: p: path
// use: To see how far a thread leads, and where it enters clusters. Two steps are a lead, not a finding.
// param account: text = null (an account's id; null: the one with the most partners)
MATCH (a:Account) WHERE $account IS NULL OR a.account_id = $account
WITH a ORDER BY coalesce(a.partners, 0) DESC, a.account_id LIMIT 1
MATCH p = (a)-[:CO_ACTED*1..2]-(b:Account)
WHERE a <> b
RETURN p
ORDER BY length(p), b.account_id
LIMIT 200
