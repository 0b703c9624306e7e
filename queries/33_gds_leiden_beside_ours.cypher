// name: Leiden of Neo4j's Graph Data Science beside our clusters
// asks: How do communities that GDS finds in the pairs of this graph match our clusters?
// gives: gds_community: int, cluster_id: text?, accounts: int
// use: A second opinion from other code. It knows nothing of re-clustering or timing, so small differences are no fault.
// needs: gds
MATCH (a:Account)-[t:CO_ACTED]->(b:Account)
WITH gds.graph.project('graphscan_pairs_' + randomUUID(), a, b, {relationshipProperties: {weight: toFloat(t.meetings)}},
     {undirectedRelationshipTypes: ['*']}) AS g
CALL gds.leiden.stream(g.graphName, {relationshipWeightProperty: 'weight', randomSeed: 1, concurrency: 1})
YIELD nodeId, communityId
WITH g.graphName AS name, communityId, gds.util.asNode(nodeId) AS a
WITH name, communityId, a.cluster_id AS cluster_id, count(*) AS accounts
ORDER BY accounts DESC, communityId
WITH name, collect({community: communityId, cluster_id: cluster_id, accounts: accounts}) AS rows
CALL gds.graph.drop(name) YIELD graphName
UNWIND rows AS row
RETURN row.community AS gds_community, row.cluster_id AS cluster_id, row.accounts AS accounts
ORDER BY accounts DESC, gds_community, cluster_id
LIMIT 100
