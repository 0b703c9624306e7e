// name: What is in this graph
// asks: Which run was loaded, until when does its data reach, and how many nodes of each kind are there?
// gives: label: text, nodes: int, of_run: text, data_until: time?
// use: First of all, to see whether the graph is the one you expect.
MATCH (l:Load)
CALL () { MATCH (n) RETURN labels(n)[0] AS label, count(*) AS nodes }
RETURN label, nodes, l.load_id + ', ' + l.scope AS of_run, l.data_until AS data_until
ORDER BY nodes DESC, label
LIMIT 50
