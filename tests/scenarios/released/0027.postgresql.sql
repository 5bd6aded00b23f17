SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.accounts (
    platform text NOT NULL,
    id text NOT NULL,
    person integer NOT NULL,
    name text NOT NULL
);
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.aliases (
    id text NOT NULL,
    "row" integer NOT NULL
);
CREATE TABLE public.awaited (
    owner text NOT NULL,
    id text NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.bots (
    platform text NOT NULL,
    id text NOT NULL
);
CREATE TABLE public.cited_papers (
    "row" integer NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    read_at timestamp with time zone
);
CREATE TABLE public.citing_papers (
    cited integer NOT NULL,
    id text NOT NULL
);
CREATE TABLE public.club_meetings (
    number integer NOT NULL,
    place text NOT NULL,
    day date NOT NULL,
    timezone text NOT NULL,
    opens_at timestamp with time zone NOT NULL,
    closes_at timestamp with time zone NOT NULL,
    reminds_at timestamp with time zone NOT NULL,
    meets_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    next_at timestamp with time zone,
    candidates text NOT NULL,
    winner text NOT NULL,
    votes integer NOT NULL,
    "cast" integer NOT NULL
);
CREATE SEQUENCE public.club_meetings_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.club_meetings_number_seq OWNED BY public.club_meetings.number;
CREATE TABLE public.club_nominations (
    place text NOT NULL,
    "row" integer NOT NULL,
    person integer,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.club_votes (
    number integer NOT NULL,
    meeting integer NOT NULL,
    person integer,
    choice integer NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.club_votes_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.club_votes_number_seq OWNED BY public.club_votes.number;
CREATE TABLE public.clubs (
    place text NOT NULL,
    enabled boolean NOT NULL,
    weekday integer NOT NULL,
    at text NOT NULL,
    timezone text NOT NULL,
    every integer NOT NULL,
    first date NOT NULL,
    opens integer NOT NULL,
    closes integer NOT NULL,
    next_at timestamp with time zone
);
CREATE TABLE public.deliveries (
    number integer NOT NULL,
    destination text NOT NULL,
    kind text NOT NULL,
    day date NOT NULL,
    status text NOT NULL,
    claimed_at timestamp with time zone NOT NULL,
    asked_at timestamp with time zone,
    payload text NOT NULL,
    sent text NOT NULL,
    started_at timestamp with time zone,
    as_of timestamp with time zone,
    ended_at timestamp with time zone,
    attempts integer NOT NULL,
    error text NOT NULL,
    next_attempt_at timestamp with time zone,
    worker text NOT NULL,
    lease_until timestamp with time zone,
    turn integer DEFAULT 0 NOT NULL
);
CREATE SEQUENCE public.deliveries_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.deliveries_number_seq OWNED BY public.deliveries.number;
CREATE TABLE public.deputies (
    workspace text NOT NULL,
    platform text NOT NULL,
    id text NOT NULL
);
CREATE TABLE public.destinations (
    key text NOT NULL,
    platform text NOT NULL,
    workspace text NOT NULL,
    channel text NOT NULL,
    name text NOT NULL,
    private boolean NOT NULL,
    enabled boolean NOT NULL,
    at text NOT NULL,
    timezone text NOT NULL,
    days text NOT NULL,
    count integer NOT NULL,
    layout text NOT NULL,
    minimum integer DEFAULT 0 NOT NULL,
    quiet text DEFAULT 'say'::text NOT NULL,
    weekly integer,
    person integer,
    next_run_at timestamp with time zone,
    since timestamp with time zone,
    reckoned_at timestamp with time zone,
    covered_until timestamp with time zone,
    refusals integer DEFAULT 0 NOT NULL,
    warned boolean DEFAULT false NOT NULL,
    threads boolean DEFAULT false NOT NULL,
    scope text DEFAULT 'topics-only'::text NOT NULL,
    place text NOT NULL,
    post text DEFAULT ''::text NOT NULL
);
CREATE TABLE public.emoji (
    workspace text NOT NULL,
    save text NOT NULL,
    "like" text NOT NULL,
    dislike text NOT NULL
);
CREATE TABLE public.feedback (
    person integer NOT NULL,
    "row" integer NOT NULL,
    attitude text NOT NULL,
    origin text NOT NULL,
    place text NOT NULL,
    present boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    counts boolean DEFAULT false NOT NULL
);
CREATE TABLE public.feeds (
    fingerprint text NOT NULL,
    person integer NOT NULL,
    collection text NOT NULL,
    place text NOT NULL,
    query text NOT NULL,
    title text NOT NULL,
    since timestamp with time zone NOT NULL
);
CREATE TABLE public.follows (
    number integer NOT NULL,
    owner text NOT NULL,
    place text NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    folded text NOT NULL,
    at_once boolean NOT NULL,
    since date NOT NULL,
    from_row integer NOT NULL,
    scanned bigint NOT NULL,
    others text NOT NULL,
    mention text NOT NULL
);
CREATE SEQUENCE public.follows_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.follows_number_seq OWNED BY public.follows.number;
CREATE TABLE public.installations (
    platform text NOT NULL,
    workspace text NOT NULL,
    secrets text NOT NULL,
    parent text NOT NULL
);
CREATE TABLE public.kept_lines (
    key text NOT NULL,
    place text NOT NULL,
    person integer NOT NULL,
    line text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE TABLE public.link_codes (
    person integer NOT NULL,
    code text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE TABLE public.lookups (
    id text NOT NULL,
    until timestamp with time zone NOT NULL,
    missing boolean NOT NULL
);
CREATE TABLE public.mail_asks (
    number integer NOT NULL,
    address text NOT NULL,
    requester text NOT NULL,
    asked_by text NOT NULL,
    person integer,
    at text NOT NULL,
    timezone text NOT NULL,
    days text NOT NULL,
    count integer NOT NULL,
    status text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    next_attempt_at timestamp with time zone,
    attempts integer NOT NULL
);
CREATE SEQUENCE public.mail_asks_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.mail_asks_number_seq OWNED BY public.mail_asks.number;
CREATE TABLE public.mail_suppressions (
    address text NOT NULL,
    reason text NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.mailboxes (
    key text NOT NULL,
    tag text NOT NULL,
    bounces integer NOT NULL,
    bounced_at timestamp with time zone
);
CREATE TABLE public.matches (
    follow integer NOT NULL,
    "row" integer NOT NULL,
    version text NOT NULL,
    delivery integer,
    shown_at timestamp with time zone
);
CREATE TABLE public.notes (
    owner text NOT NULL,
    person integer NOT NULL,
    "row" integer NOT NULL,
    text text NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.oauth_states (
    state text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE TABLE public.papers (
    "row" integer NOT NULL,
    revision bigint NOT NULL,
    id text NOT NULL,
    title_id text,
    seen_at timestamp with time zone,
    title text NOT NULL,
    abstract text NOT NULL,
    authors text NOT NULL,
    categories text NOT NULL,
    published date,
    updated date,
    first_seen timestamp with time zone,
    summary text NOT NULL,
    keywords text NOT NULL,
    organization text NOT NULL,
    submitted_by text NOT NULL,
    code text NOT NULL,
    project text NOT NULL,
    link text NOT NULL,
    source text NOT NULL,
    title_tex text DEFAULT ''::text NOT NULL,
    kind text DEFAULT ''::text NOT NULL,
    venue text DEFAULT ''::text NOT NULL,
    volume text DEFAULT ''::text NOT NULL,
    issue text DEFAULT ''::text NOT NULL,
    pages text DEFAULT ''::text NOT NULL,
    doi text DEFAULT ''::text NOT NULL,
    thumbnail text DEFAULT ''::text NOT NULL
);
CREATE TABLE public.people (
    person integer NOT NULL
);
CREATE SEQUENCE public.people_person_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.people_person_seq OWNED BY public.people.person;
CREATE TABLE public.posts (
    place text NOT NULL,
    message text NOT NULL,
    papers text NOT NULL,
    first integer DEFAULT 1 NOT NULL
);
CREATE TABLE public.reminders (
    place text NOT NULL,
    reader text NOT NULL,
    id text NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.seen_events (
    platform text NOT NULL,
    event text NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.services (
    name text NOT NULL,
    next_at timestamp with time zone,
    asked_at timestamp with time zone,
    answered_at timestamp with time zone,
    error text NOT NULL
);
CREATE TABLE public.shown (
    owner text NOT NULL,
    "row" integer NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.sightings (
    place text NOT NULL,
    id text NOT NULL,
    message text NOT NULL,
    shared boolean NOT NULL,
    person integer,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.signals (
    "row" integer NOT NULL,
    kind text NOT NULL,
    at timestamp with time zone NOT NULL,
    value bigint NOT NULL
);
CREATE TABLE public.sources (
    name text NOT NULL,
    cursor text NOT NULL,
    attempted_at timestamp with time zone,
    succeeded_at timestamp with time zone,
    newest_at timestamp with time zone,
    error text NOT NULL,
    note text NOT NULL,
    started_at timestamp with time zone
);
CREATE TABLE public.tags (
    owner text NOT NULL,
    "row" integer NOT NULL,
    tag text NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.topics (
    number integer NOT NULL,
    owner text NOT NULL,
    folded text NOT NULL,
    text text NOT NULL,
    wanted boolean NOT NULL,
    name text DEFAULT ''::text NOT NULL
);
CREATE SEQUENCE public.topics_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.topics_number_seq OWNED BY public.topics.number;
CREATE TABLE public.unfurled (
    place text NOT NULL
);
CREATE TABLE public.vectors (
    encoder text NOT NULL,
    "row" integer NOT NULL,
    text text NOT NULL,
    vector bytea NOT NULL
);
CREATE TABLE public.watched (
    place text NOT NULL
);
ALTER TABLE ONLY public.club_meetings ALTER COLUMN number SET DEFAULT nextval('public.club_meetings_number_seq'::regclass);
ALTER TABLE ONLY public.club_votes ALTER COLUMN number SET DEFAULT nextval('public.club_votes_number_seq'::regclass);
ALTER TABLE ONLY public.deliveries ALTER COLUMN number SET DEFAULT nextval('public.deliveries_number_seq'::regclass);
ALTER TABLE ONLY public.follows ALTER COLUMN number SET DEFAULT nextval('public.follows_number_seq'::regclass);
ALTER TABLE ONLY public.mail_asks ALTER COLUMN number SET DEFAULT nextval('public.mail_asks_number_seq'::regclass);
ALTER TABLE ONLY public.people ALTER COLUMN person SET DEFAULT nextval('public.people_person_seq'::regclass);
ALTER TABLE ONLY public.topics ALTER COLUMN number SET DEFAULT nextval('public.topics_number_seq'::regclass);
INSERT INTO public.accounts VALUES ('slack', 'T1/U1', 1, 'Ana');
INSERT INTO public.accounts VALUES ('discord', '72', 2, 'Ben');
INSERT INTO public.accounts VALUES ('discord', '71', 1, 'ana');
INSERT INTO public.alembic_version VALUES ('0027');
INSERT INTO public.aliases VALUES ('10.5555/graphs.1', 2);
INSERT INTO public.cited_papers VALUES (1, '2026-01-19 12:00:00+00', '2026-01-19 12:00:00+00');
INSERT INTO public.citing_papers VALUES (1, '10.5555/elsewhere.1');
INSERT INTO public.citing_papers VALUES (1, '2601.00002');
INSERT INTO public.club_meetings VALUES (1, 'slack:T1:C2', '2026-01-22', 'Europe/Berlin', '2026-01-17 15:00:00+00', '2026-01-19 15:00:00+00', '2026-01-21 15:00:00+00', '2026-01-22 15:00:00+00', 'voting', '2026-01-19 15:00:00+00', '["2601.00001","2601.00002"]', '', 0, 0);
INSERT INTO public.club_nominations VALUES ('slack:T1:C2', 3, 2, '2026-01-19 12:00:00+00');
INSERT INTO public.club_votes VALUES (1, 1, 2, 2, '2026-01-19 12:00:00+00');
INSERT INTO public.clubs VALUES ('slack:T1:C2', true, 3, '16:00', 'Europe/Berlin', 1, '2026-01-22', 5, 3, '2026-01-24 15:00:00+00');
INSERT INTO public.deliveries VALUES (1, 'slack:T1:C1', 'daily', '2026-01-19', 'sent', '2026-01-19 12:00:00+00', NULL, '["a post"]', '["m1"]', NULL, '2026-01-19 12:00:00+00', '2026-01-19 12:00:00+00', 0, '', NULL, '', NULL, 0);
INSERT INTO public.deliveries VALUES (2, 'discord:81:82', 'daily', '2026-01-19', 'sending', '2026-01-19 12:00:00+00', NULL, '["a post"]', '["m1"]', '2026-01-19 12:00:00+00', '2026-01-19 12:00:00+00', NULL, 0, '', '2026-01-19 12:00:00+00', 'w', '2026-01-19 12:01:00+00', 0);
INSERT INTO public.deliveries VALUES (3, 'slack:T1:C2', 'vote', '2026-01-22', 'claimed', '2026-01-19 12:00:00+00', NULL, '', '[]', NULL, NULL, NULL, 0, '', '2026-01-19 12:00:00+00', '', NULL, 0);
INSERT INTO public.deputies VALUES ('slack:T1', 'discord', '72');
INSERT INTO public.destinations VALUES ('slack:T1:C1#robots', 'slack', 'T1', 'C1', '#papers', false, true, '17:00', 'UTC', '03', 5, '', 0, 'say', NULL, NULL, '2026-01-19 17:00:00+00', '2026-01-18 12:00:00+00', '2026-01-18 12:00:00+00', NULL, 0, false, false, 'topics-only', 'slack:T1:C1', 'robots');
INSERT INTO public.destinations VALUES ('email::ana@example.org', 'email', '', 'ana@example.org', 'ana@example.org', true, true, '07:00', 'UTC', '0123456', 5, '', 0, 'say', NULL, 1, '2026-01-20 07:00:00+00', '2026-01-19 12:00:00+00', '2026-01-19 12:00:00+00', NULL, 0, false, false, 'topics-only', 'email::ana@example.org', '');
INSERT INTO public.destinations VALUES ('discord:81:82', 'discord', '81', '82', '#reading', false, true, '11:00', 'UTC', '0123456', 5, 'compact', 3, 'say', NULL, NULL, '2026-01-20 11:00:00+00', '2026-01-18 12:00:00+00', '2026-01-19 12:00:00+00', NULL, 0, false, false, 'topics-only', 'discord:81:82', '');
INSERT INTO public.destinations VALUES ('slack:T1:C1', 'slack', 'T1', 'C1', '#papers', false, true, '09:00', 'Europe/Berlin', '01234', 3, '', 0, 'say', 4, NULL, '2026-01-20 08:00:00+00', '2026-01-18 12:00:00+00', '2026-01-19 12:00:00+00', NULL, 0, false, false, 'topics-only', 'slack:T1:C1', '');
INSERT INTO public.destinations VALUES ('slack:T1:C2', 'slack', 'T1', 'C2', '#journal-club', false, false, '09:00', 'UTC', '0123456', 5, '', 0, 'say', NULL, NULL, NULL, '2026-01-19 12:00:00+00', '2026-01-19 12:00:00+00', NULL, 0, false, false, 'topics-only', 'slack:T1:C2', '');
INSERT INTO public.emoji VALUES ('slack:T1', ':star:', '👍', '👎');
INSERT INTO public.feedback VALUES (1, 1, 'save', 'command', 'slack:T1:C1', true, '2026-01-19 12:00:00+00', true);
INSERT INTO public.feedback VALUES (1, 2, 'like', 'm2', 'slack:T1:C1', true, '2026-01-19 12:00:00+00', true);
INSERT INTO public.feedback VALUES (2, 2, 'dislike', 'command', 'slack:T1:C1', true, '2026-01-19 12:00:00+00', true);
INSERT INTO public.feeds VALUES ('5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f', 1, 'me', '', '', 'Your saved papers', '2026-01-19 12:00:00+00');
INSERT INTO public.follows VALUES (1, 'person:1', 'email::ana@example.org', 'author', 'Ada Lovelace', 'ada lovelace', false, '2026-01-19', 3, 3, '[]', '');
INSERT INTO public.follows VALUES (2, 'person:1', 'email::ana@example.org', 'cited-by', '2601.00001', '2601.00001', false, '2026-01-19', 3, 3, '[]', '');
INSERT INTO public.installations VALUES ('slack', 'T1', 'gAAAAABrDDQkxb8nTGOIn5L753iSS0gedlB2gLSf-sLsD0X4Ne5kJlIoatEgyHTJzqIVvAU2p65qisZG5Nf6DYUZldxsI-JR8WE4KRNRtFB9BzN90zExhV8=', '');
INSERT INTO public.kept_lines VALUES ('k1', 'slack:T1:C1', 1, 'search x', '2053-06-06 12:00:00+00');
INSERT INTO public.lookups VALUES ('2601.00009', '2026-01-19 12:01:00+00', false);
INSERT INTO public.mail_asks VALUES (1, 'new@example.org', '198.51.100.7', '', NULL, '08:00', 'UTC', '0123456', 5, 'waiting', '2026-01-19 12:00:00+00', '2026-01-19 12:00:00+00', 0);
INSERT INTO public.mail_suppressions VALUES ('9bc1380975b6e376bd2f67cd69561a609a472198', 'a hard bounce', '2026-01-19 12:00:00+00');
INSERT INTO public.mailboxes VALUES ('email::ana@example.org', '08af104b8a988814b431', 1, '2026-01-19 12:00:00+00');
INSERT INTO public.matches VALUES (1, 2, '', NULL, NULL);
INSERT INTO public.matches VALUES (2, 2, '', NULL, NULL);
INSERT INTO public.notes VALUES ('person:1', 1, 1, 'Ask Otto about the bound.', '2026-01-19 12:00:00+00');
INSERT INTO public.notes VALUES ('slack:T1:C1', 1, 1, 'For Monday.', '2026-01-19 12:00:00+00');
INSERT INTO public.notes VALUES ('slack:T1:C1', 2, 1, 'I was there.', '2026-01-19 12:00:00+00');
INSERT INTO public.papers VALUES (1, 1, '2601.00001', 'title:9ee377cfb79c0ba0', '2026-01-17 00:00:00+00', 'On Hölder α-continuity', 'We prove a bound. It is sharp.', '["Otto H\u00f6lder","Ada Lovelace"]', '["math.CA"]', '2026-01-17', NULL, NULL, '', '[]', '', '', '', '', '', '', 'On H\"older $\alpha$-continuity', '', '', '', '', '', '', '');
INSERT INTO public.papers VALUES (2, 2, '2601.00002', 'title:f2d75ef684b8e11a', '2026-01-18 00:00:00+00', 'Graphs learn to plan', 'We show that graphs can plan.', '["Ada Lovelace"]', '["cs.LG","cs.AI"]', '2026-01-18', NULL, NULL, '', '[]', '', '', '', '', '', '', '', '', '', '', '', '', '', '');
INSERT INTO public.papers VALUES (3, 3, '2601.00003', 'title:880cf04dafd6fc3f', '2026-01-19 00:00:00+00', 'Telescopes without mirrors', 'A proposal.', '[]', '[]', '2026-01-19', NULL, NULL, '', '[]', '', '', '', '', '', '', '', '', '', '', '', '', '', '');
INSERT INTO public.people VALUES (1);
INSERT INTO public.people VALUES (2);
INSERT INTO public.posts VALUES ('slack:T1:C1', 'm1', '["2601.00001"]', 1);
INSERT INTO public.posts VALUES ('discord:81:82', 'm1', '["2601.00001"]', 1);
INSERT INTO public.seen_events VALUES ('slack', 'Ev1', '2026-01-19 12:00:00+00');
INSERT INTO public.services VALUES ('arxiv', NULL, '2026-01-19 12:00:00+00', '2026-01-19 12:00:00+00', '');
INSERT INTO public.shown VALUES ('slack:T1:C1', 1, '2026-01-19 12:00:00+00');
INSERT INTO public.shown VALUES ('discord:81:82', 1, '2026-01-19 12:00:00+00');
INSERT INTO public.sightings VALUES ('slack:T1:C1', '2601.00001', 'm1', false, NULL, '2026-01-19 12:00:00+00');
INSERT INTO public.sightings VALUES ('discord:81:82', '2601.00001', 'm1', false, NULL, '2026-01-19 12:00:00+00');
INSERT INTO public.sightings VALUES ('slack:T1:C1', '2601.00003', 'm7', true, 1, '2026-01-19 12:00:00+00');
INSERT INTO public.signals VALUES (2, 'upvotes', '2026-01-19 07:00:00+00', 12);
INSERT INTO public.sources VALUES ('huggingface', '2026-01-19', '2026-01-19 12:00:00+00', '2026-01-19 12:00:00+00', '2026-01-19 12:00:00+00', '', 'as ever', NULL);
INSERT INTO public.sources VALUES ('arxiv', '', '2026-01-19 12:00:00+00', NULL, NULL, '503 Service Unavailable', '', NULL);
INSERT INTO public.tags VALUES ('person:1', 1, 'to-read', '2026-01-19 12:00:00+00');
INSERT INTO public.tags VALUES ('person:1', 1, 'read', '2026-01-19 12:00:00+00');
INSERT INTO public.tags VALUES ('slack:T1:C1', 2, 'club', '2026-01-19 12:00:00+00');
INSERT INTO public.topics VALUES (1, 'slack:T1:C1', 'graph neural networks', 'graph neural networks', true, 'graphs');
INSERT INTO public.topics VALUES (2, 'slack:T1:C1', 'crypto', 'crypto', false, '');
INSERT INTO public.unfurled VALUES ('slack:T1:C1');
INSERT INTO public.vectors VALUES ('an encoder', 1, 'its text', '\x0102');
INSERT INTO public.watched VALUES ('slack:T1:C1');
SELECT pg_catalog.setval('public.club_meetings_number_seq', 1, true);
SELECT pg_catalog.setval('public.club_votes_number_seq', 1, true);
SELECT pg_catalog.setval('public.deliveries_number_seq', 3, true);
SELECT pg_catalog.setval('public.follows_number_seq', 2, true);
SELECT pg_catalog.setval('public.mail_asks_number_seq', 1, true);
SELECT pg_catalog.setval('public.people_person_seq', 3, true);
SELECT pg_catalog.setval('public.topics_number_seq', 2, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT pk_accounts PRIMARY KEY (platform, id);
ALTER TABLE ONLY public.aliases
    ADD CONSTRAINT pk_aliases PRIMARY KEY (id);
ALTER TABLE ONLY public.awaited
    ADD CONSTRAINT pk_awaited PRIMARY KEY (owner, id);
ALTER TABLE ONLY public.bots
    ADD CONSTRAINT pk_bots PRIMARY KEY (platform);
ALTER TABLE ONLY public.cited_papers
    ADD CONSTRAINT pk_cited_papers PRIMARY KEY ("row");
ALTER TABLE ONLY public.citing_papers
    ADD CONSTRAINT pk_citing_papers PRIMARY KEY (cited, id);
ALTER TABLE ONLY public.club_meetings
    ADD CONSTRAINT pk_club_meetings PRIMARY KEY (number);
ALTER TABLE ONLY public.club_nominations
    ADD CONSTRAINT pk_club_nominations PRIMARY KEY (place, "row");
ALTER TABLE ONLY public.club_votes
    ADD CONSTRAINT pk_club_votes PRIMARY KEY (number);
ALTER TABLE ONLY public.clubs
    ADD CONSTRAINT pk_clubs PRIMARY KEY (place);
ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT pk_deliveries PRIMARY KEY (number);
ALTER TABLE ONLY public.deputies
    ADD CONSTRAINT pk_deputies PRIMARY KEY (workspace, platform, id);
ALTER TABLE ONLY public.destinations
    ADD CONSTRAINT pk_destinations PRIMARY KEY (key);
ALTER TABLE ONLY public.emoji
    ADD CONSTRAINT pk_emoji PRIMARY KEY (workspace);
ALTER TABLE ONLY public.feedback
    ADD CONSTRAINT pk_feedback PRIMARY KEY (person, "row", attitude, origin);
ALTER TABLE ONLY public.feeds
    ADD CONSTRAINT pk_feeds PRIMARY KEY (fingerprint);
ALTER TABLE ONLY public.follows
    ADD CONSTRAINT pk_follows PRIMARY KEY (number);
ALTER TABLE ONLY public.installations
    ADD CONSTRAINT pk_installations PRIMARY KEY (platform, workspace);
ALTER TABLE ONLY public.kept_lines
    ADD CONSTRAINT pk_kept_lines PRIMARY KEY (key, place, person);
ALTER TABLE ONLY public.link_codes
    ADD CONSTRAINT pk_link_codes PRIMARY KEY (person);
ALTER TABLE ONLY public.lookups
    ADD CONSTRAINT pk_lookups PRIMARY KEY (id);
ALTER TABLE ONLY public.mail_asks
    ADD CONSTRAINT pk_mail_asks PRIMARY KEY (number);
ALTER TABLE ONLY public.mail_suppressions
    ADD CONSTRAINT pk_mail_suppressions PRIMARY KEY (address);
ALTER TABLE ONLY public.mailboxes
    ADD CONSTRAINT pk_mailboxes PRIMARY KEY (key);
ALTER TABLE ONLY public.matches
    ADD CONSTRAINT pk_matches PRIMARY KEY (follow, "row", version);
ALTER TABLE ONLY public.notes
    ADD CONSTRAINT pk_notes PRIMARY KEY (owner, person, "row");
ALTER TABLE ONLY public.oauth_states
    ADD CONSTRAINT pk_oauth_states PRIMARY KEY (state);
ALTER TABLE ONLY public.papers
    ADD CONSTRAINT pk_papers PRIMARY KEY ("row");
ALTER TABLE ONLY public.people
    ADD CONSTRAINT pk_people PRIMARY KEY (person);
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT pk_posts PRIMARY KEY (place, message);
ALTER TABLE ONLY public.reminders
    ADD CONSTRAINT pk_reminders PRIMARY KEY (place, reader, id);
ALTER TABLE ONLY public.seen_events
    ADD CONSTRAINT pk_seen_events PRIMARY KEY (platform, event);
ALTER TABLE ONLY public.services
    ADD CONSTRAINT pk_services PRIMARY KEY (name);
ALTER TABLE ONLY public.shown
    ADD CONSTRAINT pk_shown PRIMARY KEY (owner, "row");
ALTER TABLE ONLY public.sightings
    ADD CONSTRAINT pk_sightings PRIMARY KEY (place, id, message);
ALTER TABLE ONLY public.signals
    ADD CONSTRAINT pk_signals PRIMARY KEY ("row", kind, at);
ALTER TABLE ONLY public.sources
    ADD CONSTRAINT pk_sources PRIMARY KEY (name);
ALTER TABLE ONLY public.tags
    ADD CONSTRAINT pk_tags PRIMARY KEY (owner, "row", tag);
ALTER TABLE ONLY public.topics
    ADD CONSTRAINT pk_topics PRIMARY KEY (number);
ALTER TABLE ONLY public.unfurled
    ADD CONSTRAINT pk_unfurled PRIMARY KEY (place);
ALTER TABLE ONLY public.vectors
    ADD CONSTRAINT pk_vectors PRIMARY KEY (encoder, "row");
ALTER TABLE ONLY public.watched
    ADD CONSTRAINT pk_watched PRIMARY KEY (place);
ALTER TABLE ONLY public.club_meetings
    ADD CONSTRAINT uq_club_meetings_place UNIQUE (place, day);
ALTER TABLE ONLY public.club_votes
    ADD CONSTRAINT uq_club_votes_meeting UNIQUE (meeting, person);
ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT uq_deliveries_destination UNIQUE (destination, kind, day, turn);
ALTER TABLE ONLY public.topics
    ADD CONSTRAINT uq_topics_owner UNIQUE (owner, folded);
CREATE INDEX ix_accounts_person ON public.accounts USING btree (person);
CREATE INDEX ix_club_meetings_next_at ON public.club_meetings USING btree (next_at);
CREATE INDEX ix_club_nominations_person ON public.club_nominations USING btree (person);
CREATE INDEX ix_club_votes_person ON public.club_votes USING btree (person);
CREATE INDEX ix_clubs_next_at ON public.clubs USING btree (next_at);
CREATE INDEX ix_deliveries_claimed_at ON public.deliveries USING btree (claimed_at);
CREATE INDEX ix_deliveries_next_attempt_at ON public.deliveries USING btree (next_attempt_at);
CREATE INDEX ix_destinations_next_run_at ON public.destinations USING btree (next_run_at);
CREATE INDEX ix_destinations_person ON public.destinations USING btree (person);
CREATE INDEX ix_destinations_place ON public.destinations USING btree (place);
CREATE INDEX ix_feedback_place ON public.feedback USING btree (place);
CREATE INDEX ix_feedback_row ON public.feedback USING btree ("row");
CREATE INDEX ix_feeds_person ON public.feeds USING btree (person);
CREATE INDEX ix_feeds_place ON public.feeds USING btree (place);
CREATE INDEX ix_follows_owner ON public.follows USING btree (owner);
CREATE INDEX ix_follows_place ON public.follows USING btree (place);
CREATE INDEX ix_kept_lines_expires ON public.kept_lines USING btree (expires);
CREATE INDEX ix_kept_lines_person ON public.kept_lines USING btree (person);
CREATE UNIQUE INDEX ix_link_codes_code ON public.link_codes USING btree (code);
CREATE INDEX ix_lookups_until ON public.lookups USING btree (until);
CREATE INDEX ix_mail_asks_address ON public.mail_asks USING btree (address);
CREATE INDEX ix_mail_asks_next_attempt_at ON public.mail_asks USING btree (next_attempt_at);
CREATE INDEX ix_mail_asks_requester ON public.mail_asks USING btree (requester);
CREATE UNIQUE INDEX ix_mailboxes_tag ON public.mailboxes USING btree (tag);
CREATE INDEX ix_matches_delivery ON public.matches USING btree (delivery);
CREATE INDEX ix_matches_shown_at ON public.matches USING btree (shown_at);
CREATE INDEX ix_notes_person ON public.notes USING btree (person);
CREATE UNIQUE INDEX ix_papers_id ON public.papers USING btree (id);
CREATE UNIQUE INDEX ix_papers_revision ON public.papers USING btree (revision);
CREATE INDEX ix_papers_seen_at ON public.papers USING btree (seen_at);
CREATE INDEX ix_papers_title_id ON public.papers USING btree (title_id);
CREATE INDEX ix_posts_message ON public.posts USING btree (message);
CREATE INDEX ix_reminders_reader ON public.reminders USING btree (reader);
CREATE INDEX ix_seen_events_at ON public.seen_events USING btree (at);
CREATE INDEX ix_sightings_person ON public.sightings USING btree (person);
ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT fk_accounts_person_people FOREIGN KEY (person) REFERENCES public.people(person);
ALTER TABLE ONLY public.aliases
    ADD CONSTRAINT fk_aliases_row_papers FOREIGN KEY ("row") REFERENCES public.papers("row");
ALTER TABLE ONLY public.cited_papers
    ADD CONSTRAINT fk_cited_papers_row_papers FOREIGN KEY ("row") REFERENCES public.papers("row");
ALTER TABLE ONLY public.citing_papers
    ADD CONSTRAINT fk_citing_papers_cited_cited_papers FOREIGN KEY (cited) REFERENCES public.cited_papers("row") ON DELETE CASCADE;
ALTER TABLE ONLY public.club_meetings
    ADD CONSTRAINT fk_club_meetings_place_clubs FOREIGN KEY (place) REFERENCES public.clubs(place) ON DELETE CASCADE;
ALTER TABLE ONLY public.club_nominations
    ADD CONSTRAINT fk_club_nominations_person_people FOREIGN KEY (person) REFERENCES public.people(person);
ALTER TABLE ONLY public.club_nominations
    ADD CONSTRAINT fk_club_nominations_place_clubs FOREIGN KEY (place) REFERENCES public.clubs(place) ON DELETE CASCADE;
ALTER TABLE ONLY public.club_nominations
    ADD CONSTRAINT fk_club_nominations_row_papers FOREIGN KEY ("row") REFERENCES public.papers("row");
ALTER TABLE ONLY public.club_votes
    ADD CONSTRAINT fk_club_votes_meeting_club_meetings FOREIGN KEY (meeting) REFERENCES public.club_meetings(number) ON DELETE CASCADE;
ALTER TABLE ONLY public.club_votes
    ADD CONSTRAINT fk_club_votes_person_people FOREIGN KEY (person) REFERENCES public.people(person);
ALTER TABLE ONLY public.clubs
    ADD CONSTRAINT fk_clubs_place_destinations FOREIGN KEY (place) REFERENCES public.destinations(key) ON DELETE CASCADE;
ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT fk_deliveries_destination_destinations FOREIGN KEY (destination) REFERENCES public.destinations(key) ON DELETE CASCADE;
ALTER TABLE ONLY public.feedback
    ADD CONSTRAINT fk_feedback_person_people FOREIGN KEY (person) REFERENCES public.people(person);
ALTER TABLE ONLY public.feedback
    ADD CONSTRAINT fk_feedback_row_papers FOREIGN KEY ("row") REFERENCES public.papers("row");
ALTER TABLE ONLY public.feeds
    ADD CONSTRAINT fk_feeds_person_people FOREIGN KEY (person) REFERENCES public.people(person);
ALTER TABLE ONLY public.follows
    ADD CONSTRAINT fk_follows_place_destinations FOREIGN KEY (place) REFERENCES public.destinations(key) ON DELETE CASCADE;
ALTER TABLE ONLY public.link_codes
    ADD CONSTRAINT fk_link_codes_person_people FOREIGN KEY (person) REFERENCES public.people(person);
ALTER TABLE ONLY public.mailboxes
    ADD CONSTRAINT fk_mailboxes_key_destinations FOREIGN KEY (key) REFERENCES public.destinations(key) ON DELETE CASCADE;
ALTER TABLE ONLY public.matches
    ADD CONSTRAINT fk_matches_delivery_deliveries FOREIGN KEY (delivery) REFERENCES public.deliveries(number) ON DELETE SET NULL;
ALTER TABLE ONLY public.matches
    ADD CONSTRAINT fk_matches_follow_follows FOREIGN KEY (follow) REFERENCES public.follows(number) ON DELETE CASCADE;
ALTER TABLE ONLY public.matches
    ADD CONSTRAINT fk_matches_row_papers FOREIGN KEY ("row") REFERENCES public.papers("row");
ALTER TABLE ONLY public.notes
    ADD CONSTRAINT fk_notes_person_people FOREIGN KEY (person) REFERENCES public.people(person);
ALTER TABLE ONLY public.notes
    ADD CONSTRAINT fk_notes_row_papers FOREIGN KEY ("row") REFERENCES public.papers("row");
ALTER TABLE ONLY public.shown
    ADD CONSTRAINT fk_shown_row_papers FOREIGN KEY ("row") REFERENCES public.papers("row");
ALTER TABLE ONLY public.sightings
    ADD CONSTRAINT fk_sightings_person_people FOREIGN KEY (person) REFERENCES public.people(person);
ALTER TABLE ONLY public.signals
    ADD CONSTRAINT fk_signals_row_papers FOREIGN KEY ("row") REFERENCES public.papers("row");
ALTER TABLE ONLY public.tags
    ADD CONSTRAINT fk_tags_row_papers FOREIGN KEY ("row") REFERENCES public.papers("row");
ALTER TABLE ONLY public.vectors
    ADD CONSTRAINT fk_vectors_row_papers FOREIGN KEY ("row") REFERENCES public.papers("row");
