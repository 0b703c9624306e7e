// name: Who moved with this account
// asks: With whom did the account act together more often than opportunity explains?
// gives: p: path
// use: Start from one account that was reported or seen.
// param account: text = null (an account's id; null: the one with the most partners)
MATCH (a:Account) WHERE $account IS NULL OR a.account_id = $account
WITH a ORDER BY coalesce(a.partners, 0) DESC, a.account_id LIMIT 1
MATCH p = (a)-[t:CO_ACTED]-(b:Account)
RETURN p
ORDER BY t.p_value, t.meetings DESC, b.account_id
LIMIT 300
