// name: What a chat said, and when
// asks: Which messages were sent in the chat, in order, and is the sender in a cluster?
// gives: at: time, account_id: text, words: text?, cluster_id: text?, chat_id: text
// use: Read beside the film of a burst: was there a call before it? Words of private chats are not in this graph.
// param chat: text = null (a chat's id; null: the group chat with the most members of clusters, then the busiest)
MATCH (t:Chat) WHERE ($chat IS NULL AND t.kind = 'group') OR t.chat_id = $chat
WITH t, COUNT { (t)<-[:IN]-(:Message)<-[:SENT]-(:Account)-[:IN_CLUSTER]->() } AS members, COUNT { (t)<-[:IN]-() } AS busy
ORDER BY members DESC, busy DESC, t.chat_id LIMIT 1
MATCH (a:Account)-[:SENT]->(m:Message)-[:IN]->(t)
RETURN m.created_at AS at, a.account_id AS account_id, m.text AS words, a.cluster_id AS cluster_id, t.chat_id AS chat_id
ORDER BY at, account_id
LIMIT 300
