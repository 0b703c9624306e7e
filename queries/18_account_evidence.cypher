// name: What is said about one account
// asks: Which clues and decisions are about this account, and in which cluster is it?
// gives: p: path
// use: Before anything is done to an account. No clue is no finding.
// param account: text = null (an account's id; null: the one with the most partners)
MATCH (a:Account) WHERE $account IS NULL OR a.account_id = $account
WITH a ORDER BY coalesce(a.partners, 0) DESC, a.account_id LIMIT 1
MATCH p = (a)-[:ABOUT|IN_CLUSTER|FILED*1..1]-()
RETURN p
LIMIT 100
