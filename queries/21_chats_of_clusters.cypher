// name: The chats where members of clusters meet
// asks: Which group chats hold, or were written in by, members of clusters?
// gives: p: path
// use: Where orders may be given. Members of a fan chat also sit in one chat: read what was said.
MATCH p = (a:Account)-[:MEMBER_OF|OWNS]->(t:Chat {kind: 'group'})
WHERE (a)-[:IN_CLUSTER]->()
RETURN p
ORDER BY t.chat_id, a.account_id
LIMIT 300
