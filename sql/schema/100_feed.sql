-- The feed: committed events in one gap-free order, each position sealed by a hash over the one before. The order is
-- given after the commit, by one sequencer (functions/feed.sql), because a number taken inside a transaction is no
-- position: a later number may be committed first, and a rolled-back one leaves a gap.

-- The number an event takes when its trigger runs, that is while its row is locked: of two events of one row the
-- earlier has the smaller number, and is committed before the later one exists.
ALTER TABLE app.event ADD COLUMN seq bigint;
UPDATE app.event e SET seq = n.seq
FROM (SELECT id, row_number() OVER (ORDER BY at, id) AS seq FROM app.event) n WHERE n.id = e.id;
ALTER TABLE app.event ALTER COLUMN seq SET NOT NULL;
ALTER TABLE app.event ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval('app.event_seq_seq', coalesce(max(seq), 0) + 1, false) FROM app.event;
ALTER TABLE app.event ADD CONSTRAINT event_seq_key UNIQUE (seq);

-- The time of an event is that of its change and not of its transaction's beginning: who waited for a row writes later
-- than who held it, also where he began earlier.
CREATE FUNCTION app.instant() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE AS
$$ SELECT clock_timestamp() + coalesce((SELECT c.shift FROM app.sandbox_clock c), interval '0') $$;
ALTER TABLE app.event ALTER COLUMN at SET DEFAULT app.instant();

-- One row a position. The hash is SHA-256 over the hash before (32 zero bytes at the beginning) and the event's text.
-- No foreign key: its lock would write every event a second time, and who can delete events can drop keys.
CREATE TABLE app.feed (
    pos  bigint,
    seq  bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT feed_pkey PRIMARY KEY (pos),
    CONSTRAINT feed_seq_key UNIQUE (seq)
);

-- Up to where nothing can be missing: every transaction that took a number up to low is over and fed. candidate is
-- the next such number, known to be settled once all transactions up to candidate_xid are over.
CREATE TABLE app.feed_mark (
    one           boolean DEFAULT true,
    low           bigint NOT NULL DEFAULT 0,
    candidate     bigint NOT NULL DEFAULT 0,
    candidate_xid xid8 NOT NULL DEFAULT '0',
    CONSTRAINT feed_mark_pkey PRIMARY KEY (one)
);
INSERT INTO app.feed_mark DEFAULT VALUES;
