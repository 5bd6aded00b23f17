BEGIN TRANSACTION;
CREATE TABLE accounts (
	platform TEXT NOT NULL, 
	id TEXT NOT NULL, 
	person INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	CONSTRAINT pk_accounts PRIMARY KEY (platform, id), 
	CONSTRAINT fk_accounts_person_people FOREIGN KEY(person) REFERENCES people (person)
);
INSERT INTO "accounts" VALUES('slack','T1/U1',1,'Ana');
INSERT INTO "accounts" VALUES('discord','72',2,'Ben');
INSERT INTO "accounts" VALUES('discord','71',1,'ana');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0027');
CREATE TABLE aliases (
	id TEXT NOT NULL, 
	"row" INTEGER NOT NULL, 
	CONSTRAINT pk_aliases PRIMARY KEY (id), 
	CONSTRAINT fk_aliases_row_papers FOREIGN KEY("row") REFERENCES papers ("row")
);
INSERT INTO "aliases" VALUES('10.5555/graphs.1',2);
CREATE TABLE awaited (
	owner TEXT NOT NULL, 
	id TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_awaited PRIMARY KEY (owner, id)
);
CREATE TABLE bots (
	platform TEXT NOT NULL, 
	id TEXT NOT NULL, 
	CONSTRAINT pk_bots PRIMARY KEY (platform)
);
CREATE TABLE cited_papers (
	"row" INTEGER NOT NULL, 
	asked_at DATETIME NOT NULL, 
	read_at DATETIME, 
	CONSTRAINT pk_cited_papers PRIMARY KEY ("row"), 
	CONSTRAINT fk_cited_papers_row_papers FOREIGN KEY("row") REFERENCES papers ("row")
);
INSERT INTO "cited_papers" VALUES(1,'2026-01-19 12:00:00.000000','2026-01-19 12:00:00.000000');
CREATE TABLE citing_papers (
	cited INTEGER NOT NULL, 
	id TEXT NOT NULL, 
	CONSTRAINT pk_citing_papers PRIMARY KEY (cited, id), 
	CONSTRAINT fk_citing_papers_cited_cited_papers FOREIGN KEY(cited) REFERENCES cited_papers ("row") ON DELETE CASCADE
);
INSERT INTO "citing_papers" VALUES(1,'10.5555/elsewhere.1');
INSERT INTO "citing_papers" VALUES(1,'2601.00002');
CREATE TABLE club_meetings (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	place TEXT NOT NULL, 
	day DATE NOT NULL, 
	timezone TEXT NOT NULL, 
	opens_at DATETIME NOT NULL, 
	closes_at DATETIME NOT NULL, 
	reminds_at DATETIME NOT NULL, 
	meets_at DATETIME NOT NULL, 
	state TEXT NOT NULL, 
	next_at DATETIME, 
	candidates TEXT NOT NULL, 
	winner TEXT NOT NULL, 
	votes INTEGER NOT NULL, 
	"cast" INTEGER NOT NULL, 
	CONSTRAINT fk_club_meetings_place_clubs FOREIGN KEY(place) REFERENCES clubs (place) ON DELETE CASCADE, 
	CONSTRAINT uq_club_meetings_place UNIQUE (place, day)
);
INSERT INTO "club_meetings" VALUES(1,'slack:T1:C2','2026-01-22','Europe/Berlin','2026-01-17 15:00:00.000000','2026-01-19 15:00:00.000000','2026-01-21 15:00:00.000000','2026-01-22 15:00:00.000000','voting','2026-01-19 15:00:00.000000','["2601.00001","2601.00002"]','',0,0);
CREATE TABLE club_nominations (
	place TEXT NOT NULL, 
	"row" INTEGER NOT NULL, 
	person INTEGER, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_club_nominations PRIMARY KEY (place, "row"), 
	CONSTRAINT fk_club_nominations_place_clubs FOREIGN KEY(place) REFERENCES clubs (place) ON DELETE CASCADE, 
	CONSTRAINT fk_club_nominations_row_papers FOREIGN KEY("row") REFERENCES papers ("row"), 
	CONSTRAINT fk_club_nominations_person_people FOREIGN KEY(person) REFERENCES people (person)
);
INSERT INTO "club_nominations" VALUES('slack:T1:C2',3,2,'2026-01-19 12:00:00.000000');
CREATE TABLE club_votes (
	number INTEGER NOT NULL, 
	meeting INTEGER NOT NULL, 
	person INTEGER, 
	choice INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_club_votes PRIMARY KEY (number), 
	CONSTRAINT fk_club_votes_meeting_club_meetings FOREIGN KEY(meeting) REFERENCES club_meetings (number) ON DELETE CASCADE, 
	CONSTRAINT fk_club_votes_person_people FOREIGN KEY(person) REFERENCES people (person), 
	CONSTRAINT uq_club_votes_meeting UNIQUE (meeting, person)
);
INSERT INTO "club_votes" VALUES(1,1,2,2,'2026-01-19 12:00:00.000000');
CREATE TABLE clubs (
	place TEXT NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	weekday INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	timezone TEXT NOT NULL, 
	every INTEGER NOT NULL, 
	first DATE NOT NULL, 
	opens INTEGER NOT NULL, 
	closes INTEGER NOT NULL, 
	next_at DATETIME, 
	CONSTRAINT pk_clubs PRIMARY KEY (place), 
	CONSTRAINT fk_clubs_place_destinations FOREIGN KEY(place) REFERENCES destinations ("key") ON DELETE CASCADE
);
INSERT INTO "clubs" VALUES('slack:T1:C2',1,3,'16:00','Europe/Berlin',1,'2026-01-22',5,3,'2026-01-24 15:00:00.000000');
CREATE TABLE "deliveries" (
	number INTEGER NOT NULL, 
	destination TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	day DATE NOT NULL, 
	status TEXT NOT NULL, 
	claimed_at DATETIME NOT NULL, 
	asked_at DATETIME, 
	payload TEXT NOT NULL, 
	sent TEXT NOT NULL, 
	started_at DATETIME, 
	as_of DATETIME, 
	ended_at DATETIME, 
	attempts INTEGER NOT NULL, 
	error TEXT NOT NULL, 
	next_attempt_at DATETIME, 
	worker TEXT NOT NULL, 
	lease_until DATETIME, 
	turn INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_deliveries PRIMARY KEY (number), 
	CONSTRAINT fk_deliveries_destination_destinations FOREIGN KEY(destination) REFERENCES destinations ("key") ON DELETE CASCADE, 
	CONSTRAINT uq_deliveries_destination UNIQUE (destination, kind, day, turn)
);
INSERT INTO "deliveries" VALUES(1,'slack:T1:C1','daily','2026-01-19','sent','2026-01-19 12:00:00.000000',NULL,'["a post"]','["m1"]',NULL,'2026-01-19 12:00:00.000000','2026-01-19 12:00:00.000000',0,'',NULL,'',NULL,0);
INSERT INTO "deliveries" VALUES(2,'discord:81:82','daily','2026-01-19','sending','2026-01-19 12:00:00.000000',NULL,'["a post"]','["m1"]','2026-01-19 12:00:00.000000','2026-01-19 12:00:00.000000',NULL,0,'','2026-01-19 12:00:00.000000','w','2026-01-19 12:01:00.000000',0);
INSERT INTO "deliveries" VALUES(3,'slack:T1:C2','vote','2026-01-22','claimed','2026-01-19 12:00:00.000000',NULL,'','[]',NULL,NULL,NULL,0,'','2026-01-19 12:00:00.000000','',NULL,0);
CREATE TABLE deputies (
	workspace TEXT NOT NULL, 
	platform TEXT NOT NULL, 
	id TEXT NOT NULL, 
	CONSTRAINT pk_deputies PRIMARY KEY (workspace, platform, id)
);
INSERT INTO "deputies" VALUES('slack:T1','discord','72');
CREATE TABLE "destinations" (
	"key" TEXT NOT NULL, 
	platform TEXT NOT NULL, 
	workspace TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	name TEXT NOT NULL, 
	private BOOLEAN NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	at TEXT NOT NULL, 
	timezone TEXT NOT NULL, 
	days TEXT NOT NULL, 
	count INTEGER NOT NULL, 
	layout TEXT NOT NULL, 
	minimum INTEGER DEFAULT '0' NOT NULL, 
	quiet TEXT DEFAULT 'say' NOT NULL, 
	weekly INTEGER, 
	person INTEGER, 
	next_run_at DATETIME, 
	since DATETIME, 
	reckoned_at DATETIME, 
	covered_until DATETIME, 
	refusals INTEGER DEFAULT '0' NOT NULL, 
	warned BOOLEAN DEFAULT 0 NOT NULL, 
	threads BOOLEAN DEFAULT 0 NOT NULL, 
	scope TEXT DEFAULT 'topics-only' NOT NULL, 
	place TEXT NOT NULL, 
	post TEXT DEFAULT ('') NOT NULL, 
	CONSTRAINT pk_destinations PRIMARY KEY ("key")
);
INSERT INTO "destinations" VALUES('slack:T1:C1','slack','T1','C1','#papers',0,1,'09:00','Europe/Berlin','01234',3,'',0,'say',4,NULL,'2026-01-20 08:00:00.000000','2026-01-18 12:00:00.000000','2026-01-19 12:00:00.000000',NULL,0,0,0,'topics-only','slack:T1:C1','');
INSERT INTO "destinations" VALUES('discord:81:82','discord','81','82','#reading',0,1,'11:00','UTC','0123456',5,'compact',3,'say',NULL,NULL,'2026-01-20 11:00:00.000000','2026-01-18 12:00:00.000000','2026-01-19 12:00:00.000000',NULL,0,0,0,'topics-only','discord:81:82','');
INSERT INTO "destinations" VALUES('slack:T1:C1#robots','slack','T1','C1','#papers',0,1,'17:00','UTC','03',5,'',0,'say',NULL,NULL,'2026-01-19 17:00:00.000000','2026-01-18 12:00:00.000000','2026-01-18 12:00:00.000000',NULL,0,0,0,'topics-only','slack:T1:C1','robots');
INSERT INTO "destinations" VALUES('email::ana@example.org','email','','ana@example.org','ana@example.org',1,1,'07:00','UTC','0123456',5,'',0,'say',NULL,1,'2026-01-20 07:00:00.000000','2026-01-19 12:00:00.000000','2026-01-19 12:00:00.000000',NULL,0,0,0,'topics-only','email::ana@example.org','');
INSERT INTO "destinations" VALUES('slack:T1:C2','slack','T1','C2','#journal-club',0,0,'09:00','UTC','0123456',5,'',0,'say',NULL,NULL,NULL,'2026-01-19 12:00:00.000000','2026-01-19 12:00:00.000000',NULL,0,0,0,'topics-only','slack:T1:C2','');
CREATE TABLE emoji (
	workspace TEXT NOT NULL, 
	save TEXT NOT NULL, 
	"like" TEXT NOT NULL, 
	dislike TEXT NOT NULL, 
	CONSTRAINT pk_emoji PRIMARY KEY (workspace)
);
INSERT INTO "emoji" VALUES('slack:T1',':star:','👍','👎');
CREATE TABLE "feedback" (
	person INTEGER NOT NULL, 
	"row" INTEGER NOT NULL, 
	attitude TEXT NOT NULL, 
	origin TEXT NOT NULL, 
	place TEXT NOT NULL, 
	present BOOLEAN NOT NULL, 
	at DATETIME NOT NULL, 
	counts BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_feedback PRIMARY KEY (person, "row", attitude, origin), 
	CONSTRAINT fk_feedback_person_people FOREIGN KEY(person) REFERENCES people (person), 
	CONSTRAINT fk_feedback_row_papers FOREIGN KEY("row") REFERENCES papers ("row")
);
INSERT INTO "feedback" VALUES(1,1,'save','command','slack:T1:C1',1,'2026-01-19 12:00:00.000000',1);
INSERT INTO "feedback" VALUES(1,2,'like','m2','slack:T1:C1',1,'2026-01-19 12:00:00.000000',1);
INSERT INTO "feedback" VALUES(2,2,'dislike','command','slack:T1:C1',1,'2026-01-19 12:00:00.000000',1);
CREATE TABLE feeds (
	fingerprint TEXT NOT NULL, 
	person INTEGER NOT NULL, 
	collection TEXT NOT NULL, 
	place TEXT NOT NULL, 
	"query" TEXT NOT NULL, 
	title TEXT NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_feeds PRIMARY KEY (fingerprint), 
	CONSTRAINT fk_feeds_person_people FOREIGN KEY(person) REFERENCES people (person)
);
INSERT INTO "feeds" VALUES('5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f',1,'me','','','Your saved papers','2026-01-19 12:00:00.000000');
CREATE TABLE follows (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	owner TEXT NOT NULL, 
	place TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	value TEXT NOT NULL, 
	folded TEXT NOT NULL, 
	at_once BOOLEAN NOT NULL, 
	since DATE NOT NULL, 
	from_row INTEGER NOT NULL, 
	scanned BIGINT NOT NULL, 
	others TEXT NOT NULL, 
	mention TEXT NOT NULL, 
	CONSTRAINT fk_follows_place_destinations FOREIGN KEY(place) REFERENCES destinations ("key") ON DELETE CASCADE
);
INSERT INTO "follows" VALUES(1,'person:1','email::ana@example.org','author','Ada Lovelace','ada lovelace',0,'2026-01-19',3,3,'[]','');
INSERT INTO "follows" VALUES(2,'person:1','email::ana@example.org','cited-by','2601.00001','2601.00001',0,'2026-01-19',3,3,'[]','');
CREATE TABLE installations (
	platform TEXT NOT NULL, 
	workspace TEXT NOT NULL, 
	secrets TEXT NOT NULL, 
	parent TEXT NOT NULL, 
	CONSTRAINT pk_installations PRIMARY KEY (platform, workspace)
);
INSERT INTO "installations" VALUES('slack','T1','gAAAAABrDDQgyzcqJsorPZx-BGtt37kfQ99WhmgNt-AgXcLCobQXQ2oNZl7sXeRVI6-21xcaQyyCvke0a7gHglinancqad6sVvD4irz25ToP1O7-gWg_SpI=','');
CREATE TABLE kept_lines (
	"key" TEXT NOT NULL, 
	place TEXT NOT NULL, 
	person INTEGER NOT NULL, 
	line TEXT NOT NULL, 
	expires DATETIME NOT NULL, 
	CONSTRAINT pk_kept_lines PRIMARY KEY ("key", place, person)
);
INSERT INTO "kept_lines" VALUES('k1','slack:T1:C1',1,'search x','2053-06-06 12:00:00.000000');
CREATE TABLE link_codes (
	person INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	expires DATETIME NOT NULL, 
	CONSTRAINT pk_link_codes PRIMARY KEY (person), 
	CONSTRAINT fk_link_codes_person_people FOREIGN KEY(person) REFERENCES people (person)
);
CREATE TABLE lookups (
	id TEXT NOT NULL, 
	until DATETIME NOT NULL, 
	missing BOOLEAN NOT NULL, 
	CONSTRAINT pk_lookups PRIMARY KEY (id)
);
INSERT INTO "lookups" VALUES('2601.00009','2026-01-19 12:01:00.000000',0);
CREATE TABLE mail_asks (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	address TEXT NOT NULL, 
	requester TEXT NOT NULL, 
	asked_by TEXT NOT NULL, 
	person INTEGER, 
	at TEXT NOT NULL, 
	timezone TEXT NOT NULL, 
	days TEXT NOT NULL, 
	count INTEGER NOT NULL, 
	status TEXT NOT NULL, 
	asked_at DATETIME NOT NULL, 
	next_attempt_at DATETIME, 
	attempts INTEGER NOT NULL
);
INSERT INTO "mail_asks" VALUES(1,'new@example.org','198.51.100.7','',NULL,'08:00','UTC','0123456',5,'waiting','2026-01-19 12:00:00.000000','2026-01-19 12:00:00.000000',0);
CREATE TABLE mail_suppressions (
	address TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_mail_suppressions PRIMARY KEY (address)
);
INSERT INTO "mail_suppressions" VALUES('9bc1380975b6e376bd2f67cd69561a609a472198','a hard bounce','2026-01-19 12:00:00.000000');
CREATE TABLE mailboxes (
	"key" TEXT NOT NULL, 
	tag TEXT NOT NULL, 
	bounces INTEGER NOT NULL, 
	bounced_at DATETIME, 
	CONSTRAINT pk_mailboxes PRIMARY KEY ("key"), 
	CONSTRAINT fk_mailboxes_key_destinations FOREIGN KEY("key") REFERENCES destinations ("key") ON DELETE CASCADE
);
INSERT INTO "mailboxes" VALUES('email::ana@example.org','2ef456d77a115123442a',1,'2026-01-19 12:00:00.000000');
CREATE TABLE matches (
	follow INTEGER NOT NULL, 
	"row" INTEGER NOT NULL, 
	version TEXT NOT NULL, 
	delivery INTEGER, 
	shown_at DATETIME, 
	CONSTRAINT pk_matches PRIMARY KEY (follow, "row", version), 
	CONSTRAINT fk_matches_follow_follows FOREIGN KEY(follow) REFERENCES follows (number) ON DELETE CASCADE, 
	CONSTRAINT fk_matches_row_papers FOREIGN KEY("row") REFERENCES papers ("row"), 
	CONSTRAINT fk_matches_delivery_deliveries FOREIGN KEY(delivery) REFERENCES deliveries (number) ON DELETE SET NULL
);
INSERT INTO "matches" VALUES(1,2,'',NULL,NULL);
INSERT INTO "matches" VALUES(2,2,'',NULL,NULL);
CREATE TABLE notes (
	owner TEXT NOT NULL, 
	person INTEGER NOT NULL, 
	"row" INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_notes PRIMARY KEY (owner, person, "row"), 
	CONSTRAINT fk_notes_person_people FOREIGN KEY(person) REFERENCES people (person), 
	CONSTRAINT fk_notes_row_papers FOREIGN KEY("row") REFERENCES papers ("row")
);
INSERT INTO "notes" VALUES('person:1',1,1,'Ask Otto about the bound.','2026-01-19 12:00:00.000000');
INSERT INTO "notes" VALUES('slack:T1:C1',1,1,'For Monday.','2026-01-19 12:00:00.000000');
INSERT INTO "notes" VALUES('slack:T1:C1',2,1,'I was there.','2026-01-19 12:00:00.000000');
CREATE TABLE oauth_states (
	state TEXT NOT NULL, 
	expires DATETIME NOT NULL, 
	CONSTRAINT pk_oauth_states PRIMARY KEY (state)
);
CREATE TABLE papers (
	"row" INTEGER NOT NULL, 
	revision BIGINT NOT NULL, 
	id TEXT NOT NULL, 
	title_id TEXT, 
	seen_at DATETIME, 
	title TEXT NOT NULL, 
	abstract TEXT NOT NULL, 
	authors TEXT NOT NULL, 
	categories TEXT NOT NULL, 
	published DATE, 
	updated DATE, 
	first_seen DATETIME, 
	summary TEXT NOT NULL, 
	keywords TEXT NOT NULL, 
	organization TEXT NOT NULL, 
	submitted_by TEXT NOT NULL, 
	code TEXT NOT NULL, 
	project TEXT NOT NULL, 
	link TEXT NOT NULL, 
	source TEXT NOT NULL, title_tex TEXT DEFAULT '' NOT NULL, kind TEXT DEFAULT '' NOT NULL, venue TEXT DEFAULT '' NOT NULL, volume TEXT DEFAULT '' NOT NULL, issue TEXT DEFAULT '' NOT NULL, pages TEXT DEFAULT '' NOT NULL, doi TEXT DEFAULT '' NOT NULL, thumbnail TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_papers PRIMARY KEY ("row")
);
INSERT INTO "papers" VALUES(1,1,'2601.00001','title:9ee377cfb79c0ba0','2026-01-17 00:00:00.000000','On Hölder α-continuity','We prove a bound. It is sharp.','["Otto H\u00f6lder","Ada Lovelace"]','["math.CA"]','2026-01-17',NULL,NULL,'','[]','','','','','','','On H\"older $\alpha$-continuity','','','','','','','');
INSERT INTO "papers" VALUES(2,2,'2601.00002','title:f2d75ef684b8e11a','2026-01-18 00:00:00.000000','Graphs learn to plan','We show that graphs can plan.','["Ada Lovelace"]','["cs.LG","cs.AI"]','2026-01-18',NULL,NULL,'','[]','','','','','','','','','','','','','','');
INSERT INTO "papers" VALUES(3,3,'2601.00003','title:880cf04dafd6fc3f','2026-01-19 00:00:00.000000','Telescopes without mirrors','A proposal.','[]','[]','2026-01-19',NULL,NULL,'','[]','','','','','','','','','','','','','','');
CREATE TABLE people (
	person INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT
);
INSERT INTO "people" VALUES(1);
INSERT INTO "people" VALUES(2);
CREATE TABLE posts (
	place TEXT NOT NULL, 
	message TEXT NOT NULL, 
	papers TEXT NOT NULL, first INTEGER DEFAULT '1' NOT NULL, 
	CONSTRAINT pk_posts PRIMARY KEY (place, message)
);
INSERT INTO "posts" VALUES('slack:T1:C1','m1','["2601.00001"]',1);
INSERT INTO "posts" VALUES('discord:81:82','m1','["2601.00001"]',1);
CREATE TABLE reminders (
	place TEXT NOT NULL, 
	reader TEXT NOT NULL, 
	id TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_reminders PRIMARY KEY (place, reader, id)
);
CREATE TABLE seen_events (
	platform TEXT NOT NULL, 
	event TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_seen_events PRIMARY KEY (platform, event)
);
INSERT INTO "seen_events" VALUES('slack','Ev1','2026-01-19 12:00:00.000000');
CREATE TABLE services (
	name TEXT NOT NULL, 
	next_at DATETIME, 
	asked_at DATETIME, 
	answered_at DATETIME, 
	error TEXT NOT NULL, 
	CONSTRAINT pk_services PRIMARY KEY (name)
);
INSERT INTO "services" VALUES('arxiv',NULL,'2026-01-19 12:00:00.000000','2026-01-19 12:00:00.000000','');
CREATE TABLE shown (
	owner TEXT NOT NULL, 
	"row" INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_shown PRIMARY KEY (owner, "row"), 
	CONSTRAINT fk_shown_row_papers FOREIGN KEY("row") REFERENCES papers ("row")
);
INSERT INTO "shown" VALUES('slack:T1:C1',1,'2026-01-19 12:00:00.000000');
INSERT INTO "shown" VALUES('discord:81:82',1,'2026-01-19 12:00:00.000000');
CREATE TABLE sightings (
	place TEXT NOT NULL, 
	id TEXT NOT NULL, 
	message TEXT NOT NULL, 
	shared BOOLEAN NOT NULL, 
	person INTEGER, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_sightings PRIMARY KEY (place, id, message), 
	CONSTRAINT fk_sightings_person_people FOREIGN KEY(person) REFERENCES people (person)
);
INSERT INTO "sightings" VALUES('slack:T1:C1','2601.00001','m1',0,NULL,'2026-01-19 12:00:00.000000');
INSERT INTO "sightings" VALUES('discord:81:82','2601.00001','m1',0,NULL,'2026-01-19 12:00:00.000000');
INSERT INTO "sightings" VALUES('slack:T1:C1','2601.00003','m7',1,1,'2026-01-19 12:00:00.000000');
CREATE TABLE signals (
	"row" INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	value BIGINT NOT NULL, 
	CONSTRAINT pk_signals PRIMARY KEY ("row", kind, at), 
	CONSTRAINT fk_signals_row_papers FOREIGN KEY("row") REFERENCES papers ("row")
)
 WITHOUT ROWID

;
INSERT INTO "signals" VALUES(2,'upvotes','2026-01-19 07:00:00.000000',12);
CREATE TABLE sources (
	name TEXT NOT NULL, 
	cursor TEXT NOT NULL, 
	attempted_at DATETIME, 
	succeeded_at DATETIME, 
	newest_at DATETIME, 
	error TEXT NOT NULL, 
	note TEXT NOT NULL, started_at DATETIME, 
	CONSTRAINT pk_sources PRIMARY KEY (name)
);
INSERT INTO "sources" VALUES('huggingface','2026-01-19','2026-01-19 12:00:00.000000','2026-01-19 12:00:00.000000','2026-01-19 12:00:00.000000','','as ever',NULL);
INSERT INTO "sources" VALUES('arxiv','','2026-01-19 12:00:00.000000',NULL,NULL,'503 Service Unavailable','',NULL);
CREATE TABLE tags (
	owner TEXT NOT NULL, 
	"row" INTEGER NOT NULL, 
	tag TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_tags PRIMARY KEY (owner, "row", tag), 
	CONSTRAINT fk_tags_row_papers FOREIGN KEY("row") REFERENCES papers ("row")
);
INSERT INTO "tags" VALUES('person:1',1,'to-read','2026-01-19 12:00:00.000000');
INSERT INTO "tags" VALUES('person:1',1,'read','2026-01-19 12:00:00.000000');
INSERT INTO "tags" VALUES('slack:T1:C1',2,'club','2026-01-19 12:00:00.000000');
CREATE TABLE topics (
	number INTEGER NOT NULL, 
	owner TEXT NOT NULL, 
	folded TEXT NOT NULL, 
	text TEXT NOT NULL, 
	wanted BOOLEAN NOT NULL, name TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_topics PRIMARY KEY (number), 
	CONSTRAINT uq_topics_owner UNIQUE (owner, folded)
);
INSERT INTO "topics" VALUES(1,'slack:T1:C1','graph neural networks','graph neural networks',1,'graphs');
INSERT INTO "topics" VALUES(2,'slack:T1:C1','crypto','crypto',0,'');
CREATE TABLE unfurled (
	place TEXT NOT NULL, 
	CONSTRAINT pk_unfurled PRIMARY KEY (place)
);
INSERT INTO "unfurled" VALUES('slack:T1:C1');
CREATE TABLE vectors (
	encoder TEXT NOT NULL, 
	"row" INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	vector BLOB NOT NULL, 
	CONSTRAINT pk_vectors PRIMARY KEY (encoder, "row"), 
	CONSTRAINT fk_vectors_row_papers FOREIGN KEY("row") REFERENCES papers ("row")
);
INSERT INTO "vectors" VALUES('an encoder',1,'its text',X'0102');
CREATE TABLE watched (
	place TEXT NOT NULL, 
	CONSTRAINT pk_watched PRIMARY KEY (place)
);
INSERT INTO "watched" VALUES('slack:T1:C1');
CREATE UNIQUE INDEX ix_papers_id ON papers (id);
CREATE UNIQUE INDEX ix_papers_revision ON papers (revision);
CREATE INDEX ix_papers_title_id ON papers (title_id);
CREATE INDEX ix_papers_seen_at ON papers (seen_at);
CREATE INDEX ix_accounts_person ON accounts (person);
CREATE UNIQUE INDEX ix_link_codes_code ON link_codes (code);
CREATE INDEX ix_seen_events_at ON seen_events (at);
CREATE UNIQUE INDEX ix_mailboxes_tag ON mailboxes (tag);
CREATE INDEX ix_mail_asks_address ON mail_asks (address);
CREATE INDEX ix_mail_asks_requester ON mail_asks (requester);
CREATE INDEX ix_mail_asks_next_attempt_at ON mail_asks (next_attempt_at);
CREATE INDEX ix_kept_lines_expires ON kept_lines (expires);
CREATE INDEX ix_kept_lines_person ON kept_lines (person);
CREATE INDEX ix_feedback_row ON feedback ("row");
CREATE INDEX ix_feedback_place ON feedback (place);
CREATE INDEX ix_posts_message ON posts (message);
CREATE INDEX ix_lookups_until ON lookups (until);
CREATE INDEX ix_deliveries_next_attempt_at ON deliveries (next_attempt_at);
CREATE INDEX ix_deliveries_claimed_at ON deliveries (claimed_at);
CREATE INDEX ix_follows_owner ON follows (owner);
CREATE INDEX ix_follows_place ON follows (place);
CREATE INDEX ix_matches_delivery ON matches (delivery);
CREATE INDEX ix_matches_shown_at ON matches (shown_at);
CREATE INDEX ix_destinations_next_run_at ON destinations (next_run_at);
CREATE INDEX ix_destinations_person ON destinations (person);
CREATE INDEX ix_destinations_place ON destinations (place);
CREATE INDEX ix_notes_person ON notes (person);
CREATE INDEX ix_sightings_person ON sightings (person);
CREATE INDEX ix_reminders_reader ON reminders (reader);
CREATE INDEX ix_feeds_person ON feeds (person);
CREATE INDEX ix_feeds_place ON feeds (place);
CREATE INDEX ix_clubs_next_at ON clubs (next_at);
CREATE INDEX ix_club_meetings_next_at ON club_meetings (next_at);
CREATE INDEX ix_club_nominations_person ON club_nominations (person);
CREATE INDEX ix_club_votes_person ON club_votes (person);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('people',3);
INSERT INTO "sqlite_sequence" VALUES('mail_asks',1);
INSERT INTO "sqlite_sequence" VALUES('follows',2);
INSERT INTO "sqlite_sequence" VALUES('club_meetings',1);
COMMIT;
