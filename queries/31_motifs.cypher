// name: Synchronized-action motifs
// asks: Which motifs were found, who took part, and in which cluster?
// gives: p: path
// use: The shape of the acting together; empty where the run looked for none.
// param cluster: text = null (a cluster's id; null: all clusters)
MATCH (m:Motif)
WHERE $cluster IS NULL OR EXISTS { (m)-[:FOUND_IN]->(:Cluster {cluster_id: $cluster}) }
WITH m ORDER BY m.p_value, m.motif_id LIMIT 20
MATCH p = (m)-[:TOOK_PART|FOUND_IN]-()
RETURN p
LIMIT 300
