// name: Reports filed by, or about, members of clusters
// asks: In which reports is the reporter or the reported one a member of a cluster?
// gives: report_id: text, at: time, reporter: text, reporter_cluster: text?, about: text, about_cluster: text?, reason: text?
// use: Two ways to read it: complaints that agree with the evidence, and clusters that report others in concert.
MATCH (who:Account)-[:FILED]->(r:Report)-[:ABOUT]->(x)
OPTIONAL MATCH (author:Account)-[:POSTED]->(x)
WITH who, r, CASE WHEN x:Account THEN x ELSE author END AS whom, x
WHERE who.cluster_id IS NOT NULL OR whom.cluster_id IS NOT NULL
RETURN r.report_id AS report_id, r.created_at AS at, who.account_id AS reporter, who.cluster_id AS reporter_cluster,
       coalesce(whom.account_id, x.note_id) AS about, whom.cluster_id AS about_cluster, r.reason AS reason
ORDER BY at, report_id
LIMIT 200
