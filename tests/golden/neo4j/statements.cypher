// constraints
CREATE CONSTRAINT graphscan_account IF NOT EXISTS FOR (n:Account) REQUIRE n.account_id IS UNIQUE;
CREATE CONSTRAINT graphscan_note IF NOT EXISTS FOR (n:Note) REQUIRE n.note_id IS UNIQUE;
CREATE CONSTRAINT graphscan_comment IF NOT EXISTS FOR (n:Comment) REQUIRE n.comment_id IS UNIQUE;
CREATE CONSTRAINT graphscan_chat IF NOT EXISTS FOR (n:Chat) REQUIRE n.chat_id IS UNIQUE;
CREATE CONSTRAINT graphscan_message IF NOT EXISTS FOR (n:Message) REQUIRE n.message_id IS UNIQUE;
CREATE CONSTRAINT graphscan_link IF NOT EXISTS FOR (n:Link) REQUIRE n.link IS UNIQUE;
CREATE CONSTRAINT graphscan_cluster IF NOT EXISTS FOR (n:Cluster) REQUIRE n.cluster_id IS UNIQUE;
CREATE CONSTRAINT graphscan_motif IF NOT EXISTS FOR (n:Motif) REQUIRE n.motif_id IS UNIQUE;
CREATE CONSTRAINT graphscan_evidence IF NOT EXISTS FOR (n:Evidence) REQUIRE n.evidence_id IS UNIQUE;
CREATE CONSTRAINT graphscan_decision IF NOT EXISTS FOR (n:Decision) REQUIRE n.decision_id IS UNIQUE;
CREATE CONSTRAINT graphscan_report IF NOT EXISTS FOR (n:Report) REQUIRE n.report_id IS UNIQUE;
CREATE CONSTRAINT graphscan_load IF NOT EXISTS FOR (n:Load) REQUIRE n.load_id IS UNIQUE;
CREATE CONSTRAINT graphscan_posted IF NOT EXISTS FOR ()-[r:POSTED]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT graphscan_wrote IF NOT EXISTS FOR ()-[r:WROTE]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT graphscan_on IF NOT EXISTS FOR ()-[r:ON]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT graphscan_reply_to IF NOT EXISTS FOR ()-[r:REPLY_TO]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT graphscan_member_of IF NOT EXISTS FOR ()-[r:MEMBER_OF]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT graphscan_owns IF NOT EXISTS FOR ()-[r:OWNS]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT graphscan_sent IF NOT EXISTS FOR ()-[r:SENT]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT graphscan_in IF NOT EXISTS FOR ()-[r:IN]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT graphscan_liked IF NOT EXISTS FOR ()-[r:LIKED]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT graphscan_collected IF NOT EXISTS FOR ()-[r:COLLECTED]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT graphscan_shared IF NOT EXISTS FOR ()-[r:SHARED]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT graphscan_followed IF NOT EXISTS FOR ()-[r:FOLLOWED]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT graphscan_viewed IF NOT EXISTS FOR ()-[r:VIEWED]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT graphscan_carries IF NOT EXISTS FOR ()-[r:CARRIES]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT graphscan_co_acted IF NOT EXISTS FOR ()-[r:CO_ACTED]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT graphscan_in_cluster IF NOT EXISTS FOR ()-[r:IN_CLUSTER]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT graphscan_about IF NOT EXISTS FOR ()-[r:ABOUT]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT graphscan_rests_on IF NOT EXISTS FOR ()-[r:RESTS_ON]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT graphscan_found_in IF NOT EXISTS FOR ()-[r:FOUND_IN]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT graphscan_took_part IF NOT EXISTS FOR ()-[r:TOOK_PART]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT graphscan_came_from IF NOT EXISTS FOR ()-[r:CAME_FROM]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT graphscan_follows IF NOT EXISTS FOR ()-[r:FOLLOWS]-() REQUIRE r.key IS UNIQUE;
CREATE CONSTRAINT graphscan_filed IF NOT EXISTS FOR ()-[r:FILED]-() REQUIRE r.key IS UNIQUE;

// load Account
UNWIND $rows AS row
MERGE (n:Account {account_id: row.key})
ON CREATE SET n.firstseen = $firstseen
SET n += row.properties, n.last_load = $load
REMOVE n:Periphery:Core:Warn:Limit:Ban
FOREACH (x IN row.Periphery | SET n:Periphery)
FOREACH (x IN row.Core | SET n:Core)
FOREACH (x IN row.Warn | SET n:Warn)
FOREACH (x IN row.Limit | SET n:Limit)
FOREACH (x IN row.Ban | SET n:Ban)
RETURN count(*) AS written;

// load Note
UNWIND $rows AS row
MERGE (n:Note {note_id: row.key})
ON CREATE SET n.firstseen = $firstseen
SET n += row.properties, n.last_load = $load
RETURN count(*) AS written;

// load Comment
UNWIND $rows AS row
MERGE (n:Comment {comment_id: row.key})
ON CREATE SET n.firstseen = $firstseen
SET n += row.properties, n.last_load = $load
RETURN count(*) AS written;

// load Chat
UNWIND $rows AS row
MERGE (n:Chat {chat_id: row.key})
ON CREATE SET n.firstseen = $firstseen
SET n += row.properties, n.last_load = $load
RETURN count(*) AS written;

// load Message
UNWIND $rows AS row
MERGE (n:Message {message_id: row.key})
ON CREATE SET n.firstseen = $firstseen
SET n += row.properties, n.last_load = $load
RETURN count(*) AS written;

// load Link
UNWIND $rows AS row
MERGE (n:Link {link: row.key})
ON CREATE SET n.firstseen = $firstseen
SET n += row.properties, n.last_load = $load
RETURN count(*) AS written;

// load Cluster
UNWIND $rows AS row
MERGE (n:Cluster {cluster_id: row.key})
ON CREATE SET n.firstseen = $firstseen
SET n += row.properties, n.last_load = $load
RETURN count(*) AS written;

// load Motif
UNWIND $rows AS row
MERGE (n:Motif {motif_id: row.key})
ON CREATE SET n.firstseen = $firstseen
SET n += row.properties, n.last_load = $load
RETURN count(*) AS written;

// load Evidence
UNWIND $rows AS row
MERGE (n:Evidence {evidence_id: row.key})
ON CREATE SET n.firstseen = $firstseen
SET n += row.properties, n.last_load = $load
RETURN count(*) AS written;

// load Decision
UNWIND $rows AS row
MERGE (n:Decision {decision_id: row.key})
ON CREATE SET n.firstseen = $firstseen
SET n += row.properties, n.last_load = $load
RETURN count(*) AS written;

// load Report
UNWIND $rows AS row
MERGE (n:Report {report_id: row.key})
ON CREATE SET n.firstseen = $firstseen
SET n += row.properties, n.last_load = $load
RETURN count(*) AS written;

// load Account-POSTED-Note
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Note {note_id: row.end})
MERGE (a)-[r:POSTED {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Account-WROTE-Comment
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Comment {comment_id: row.end})
MERGE (a)-[r:WROTE {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Comment-ON-Note
UNWIND $rows AS row
MATCH (a:Comment {comment_id: row.start})
MATCH (b:Note {note_id: row.end})
MERGE (a)-[r:ON {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Comment-REPLY_TO-Comment
UNWIND $rows AS row
MATCH (a:Comment {comment_id: row.start})
MATCH (b:Comment {comment_id: row.end})
MERGE (a)-[r:REPLY_TO {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Account-MEMBER_OF-Chat
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Chat {chat_id: row.end})
MERGE (a)-[r:MEMBER_OF {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Account-OWNS-Chat
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Chat {chat_id: row.end})
MERGE (a)-[r:OWNS {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Account-SENT-Message
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Message {message_id: row.end})
MERGE (a)-[r:SENT {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Message-IN-Chat
UNWIND $rows AS row
MATCH (a:Message {message_id: row.start})
MATCH (b:Chat {chat_id: row.end})
MERGE (a)-[r:IN {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Message-REPLY_TO-Message
UNWIND $rows AS row
MATCH (a:Message {message_id: row.start})
MATCH (b:Message {message_id: row.end})
MERGE (a)-[r:REPLY_TO {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Account-LIKED-Note
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Note {note_id: row.end})
MERGE (a)-[r:LIKED {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Account-LIKED-Comment
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Comment {comment_id: row.end})
MERGE (a)-[r:LIKED {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Account-LIKED-Account
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Account {account_id: row.end})
MERGE (a)-[r:LIKED {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Account-COLLECTED-Note
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Note {note_id: row.end})
MERGE (a)-[r:COLLECTED {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Account-COLLECTED-Comment
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Comment {comment_id: row.end})
MERGE (a)-[r:COLLECTED {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Account-COLLECTED-Account
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Account {account_id: row.end})
MERGE (a)-[r:COLLECTED {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Account-SHARED-Note
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Note {note_id: row.end})
MERGE (a)-[r:SHARED {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Account-SHARED-Comment
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Comment {comment_id: row.end})
MERGE (a)-[r:SHARED {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Account-SHARED-Account
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Account {account_id: row.end})
MERGE (a)-[r:SHARED {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Account-FOLLOWED-Note
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Note {note_id: row.end})
MERGE (a)-[r:FOLLOWED {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Account-FOLLOWED-Comment
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Comment {comment_id: row.end})
MERGE (a)-[r:FOLLOWED {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Account-FOLLOWED-Account
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Account {account_id: row.end})
MERGE (a)-[r:FOLLOWED {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Account-VIEWED-Note
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Note {note_id: row.end})
MERGE (a)-[r:VIEWED {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Account-VIEWED-Comment
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Comment {comment_id: row.end})
MERGE (a)-[r:VIEWED {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Account-VIEWED-Account
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Account {account_id: row.end})
MERGE (a)-[r:VIEWED {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Note-CARRIES-Link
UNWIND $rows AS row
MATCH (a:Note {note_id: row.start})
MATCH (b:Link {link: row.end})
MERGE (a)-[r:CARRIES {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Comment-CARRIES-Link
UNWIND $rows AS row
MATCH (a:Comment {comment_id: row.start})
MATCH (b:Link {link: row.end})
MERGE (a)-[r:CARRIES {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Message-CARRIES-Link
UNWIND $rows AS row
MATCH (a:Message {message_id: row.start})
MATCH (b:Link {link: row.end})
MERGE (a)-[r:CARRIES {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Account-CO_ACTED-Account
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Account {account_id: row.end})
MERGE (a)-[r:CO_ACTED {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Account-IN_CLUSTER-Cluster
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Cluster {cluster_id: row.end})
MERGE (a)-[r:IN_CLUSTER {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Evidence-ABOUT-Account
UNWIND $rows AS row
MATCH (a:Evidence {evidence_id: row.start})
MATCH (b:Account {account_id: row.end})
MERGE (a)-[r:ABOUT {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Evidence-ABOUT-Cluster
UNWIND $rows AS row
MATCH (a:Evidence {evidence_id: row.start})
MATCH (b:Cluster {cluster_id: row.end})
MERGE (a)-[r:ABOUT {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Evidence-RESTS_ON-Note
UNWIND $rows AS row
MATCH (a:Evidence {evidence_id: row.start})
MATCH (b:Note {note_id: row.end})
MERGE (a)-[r:RESTS_ON {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Evidence-RESTS_ON-Comment
UNWIND $rows AS row
MATCH (a:Evidence {evidence_id: row.start})
MATCH (b:Comment {comment_id: row.end})
MERGE (a)-[r:RESTS_ON {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Evidence-RESTS_ON-Message
UNWIND $rows AS row
MATCH (a:Evidence {evidence_id: row.start})
MATCH (b:Message {message_id: row.end})
MERGE (a)-[r:RESTS_ON {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Motif-FOUND_IN-Cluster
UNWIND $rows AS row
MATCH (a:Motif {motif_id: row.start})
MATCH (b:Cluster {cluster_id: row.end})
MERGE (a)-[r:FOUND_IN {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Account-TOOK_PART-Motif
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Motif {motif_id: row.end})
MERGE (a)-[r:TOOK_PART {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Decision-ABOUT-Account
UNWIND $rows AS row
MATCH (a:Decision {decision_id: row.start})
MATCH (b:Account {account_id: row.end})
MERGE (a)-[r:ABOUT {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Decision-CAME_FROM-Cluster
UNWIND $rows AS row
MATCH (a:Decision {decision_id: row.start})
MATCH (b:Cluster {cluster_id: row.end})
MERGE (a)-[r:CAME_FROM {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Decision-FOLLOWS-Decision
UNWIND $rows AS row
MATCH (a:Decision {decision_id: row.start})
MATCH (b:Decision {decision_id: row.end})
MERGE (a)-[r:FOLLOWS {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Decision-FOLLOWS-Evidence
UNWIND $rows AS row
MATCH (a:Decision {decision_id: row.start})
MATCH (b:Evidence {evidence_id: row.end})
MERGE (a)-[r:FOLLOWS {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Account-FILED-Report
UNWIND $rows AS row
MATCH (a:Account {account_id: row.start})
MATCH (b:Report {report_id: row.end})
MERGE (a)-[r:FILED {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Report-ABOUT-Account
UNWIND $rows AS row
MATCH (a:Report {report_id: row.start})
MATCH (b:Account {account_id: row.end})
MERGE (a)-[r:ABOUT {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// load Report-ABOUT-Note
UNWIND $rows AS row
MATCH (a:Report {report_id: row.start})
MATCH (b:Note {note_id: row.end})
MERGE (a)-[r:ABOUT {key: row.key}]->(b)
ON CREATE SET r.firstseen = $firstseen
SET r += row.properties, r.last_load = $load
RETURN count(*) AS written;

// clean POSTED
MATCH ()-[r:POSTED]->() WHERE r.last_load <> $load
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted;

// clean WROTE
MATCH ()-[r:WROTE]->() WHERE r.last_load <> $load
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted;

// clean ON
MATCH ()-[r:ON]->() WHERE r.last_load <> $load
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted;

// clean REPLY_TO
MATCH ()-[r:REPLY_TO]->() WHERE r.last_load <> $load
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted;

// clean MEMBER_OF
MATCH ()-[r:MEMBER_OF]->() WHERE r.last_load <> $load
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted;

// clean OWNS
MATCH ()-[r:OWNS]->() WHERE r.last_load <> $load
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted;

// clean SENT
MATCH ()-[r:SENT]->() WHERE r.last_load <> $load
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted;

// clean IN
MATCH ()-[r:IN]->() WHERE r.last_load <> $load
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted;

// clean LIKED
MATCH ()-[r:LIKED]->() WHERE r.last_load <> $load
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted;

// clean COLLECTED
MATCH ()-[r:COLLECTED]->() WHERE r.last_load <> $load
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted;

// clean SHARED
MATCH ()-[r:SHARED]->() WHERE r.last_load <> $load
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted;

// clean FOLLOWED
MATCH ()-[r:FOLLOWED]->() WHERE r.last_load <> $load
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted;

// clean VIEWED
MATCH ()-[r:VIEWED]->() WHERE r.last_load <> $load
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted;

// clean CARRIES
MATCH ()-[r:CARRIES]->() WHERE r.last_load <> $load
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted;

// clean CO_ACTED
MATCH ()-[r:CO_ACTED]->() WHERE r.last_load <> $load
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted;

// clean IN_CLUSTER
MATCH ()-[r:IN_CLUSTER]->() WHERE r.last_load <> $load
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted;

// clean ABOUT
MATCH ()-[r:ABOUT]->() WHERE r.last_load <> $load
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted;

// clean RESTS_ON
MATCH ()-[r:RESTS_ON]->() WHERE r.last_load <> $load
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted;

// clean FOUND_IN
MATCH ()-[r:FOUND_IN]->() WHERE r.last_load <> $load
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted;

// clean TOOK_PART
MATCH ()-[r:TOOK_PART]->() WHERE r.last_load <> $load
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted;

// clean CAME_FROM
MATCH ()-[r:CAME_FROM]->() WHERE r.last_load <> $load
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted;

// clean FOLLOWS
MATCH ()-[r:FOLLOWS]->() WHERE r.last_load <> $load
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted;

// clean FILED
MATCH ()-[r:FILED]->() WHERE r.last_load <> $load
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS deleted;

// clean Account
MATCH (n:Account) WHERE n.last_load <> $load
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS deleted;

// clean Note
MATCH (n:Note) WHERE n.last_load <> $load
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS deleted;

// clean Comment
MATCH (n:Comment) WHERE n.last_load <> $load
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS deleted;

// clean Chat
MATCH (n:Chat) WHERE n.last_load <> $load
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS deleted;

// clean Message
MATCH (n:Message) WHERE n.last_load <> $load
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS deleted;

// clean Link
MATCH (n:Link) WHERE n.last_load <> $load
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS deleted;

// clean Cluster
MATCH (n:Cluster) WHERE n.last_load <> $load
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS deleted;

// clean Motif
MATCH (n:Motif) WHERE n.last_load <> $load
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS deleted;

// clean Evidence
MATCH (n:Evidence) WHERE n.last_load <> $load
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS deleted;

// clean Decision
MATCH (n:Decision) WHERE n.last_load <> $load
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS deleted;

// clean Report
MATCH (n:Report) WHERE n.last_load <> $load
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS deleted;

// begin
MERGE (l:Load {load_id: $load})
ON CREATE SET l.firstseen = $firstseen, l.step = 0, l.done = 0, l.complete = false
SET l.last_load = $load, l += $facts
WITH l
OPTIONAL MATCH (other:Load) WHERE other.load_id <> $load
SET other.step = 0, other.done = 0
RETURN DISTINCT l.step AS step, l.done AS done, l.complete AS complete;

// restart
MATCH (l:Load {load_id: $load}) SET l.step = 0, l.done = 0, l.complete = false;

// note batch
MATCH (l:Load {load_id: $load})
WHERE l.step < $step OR (l.step = $step AND l.done < $done)
SET l.step = $step, l.done = $done;

// end
MATCH (l:Load {load_id: $load}) SET l.complete = true, l.step = $step, l.done = 0;
