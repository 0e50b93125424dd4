-- The sequencer and what stands around it. It runs in a transaction of its own after the events' commits, so that no
-- writer waits for it: a number or a chain kept inside the writers' transactions would let one in at a time.

-- An event as its hash covers it. Of changes it is the digest, so that values which a law wants erased can go and the
-- chain still holds. `tepaid audit` has the same expression of its own and does not trust this one.
CREATE OR REPLACE FUNCTION app.feed_text(e app.event) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$
    SELECT jsonb_build_array(e.seq, e.id, (extract(epoch FROM e.at) * 1000000)::bigint, e.operation, e.subject_type,
                             e.subject_id, e.unit_id, e.op, e.subject_version, e.account, e.role, e.office, e.client,
                             e.on_behalf_of, e.changes_sha256, e.seen_by, e.seen_by_before)::text
$$;

-- Moves up to `most` committed events to the feed; gives how many, or -1 when another does it at this moment. Events
-- that nobody has committed yet are taken when they are: the search begins at the mark, below which there are none.
-- The lock only saves work; that of two sequencers one fails is the work of the feed's keys.
CREATE OR REPLACE FUNCTION app.feed_advance(most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    mark     app.feed_mark;
    settled  boolean;
    high     bigint;
    last     app.feed;
    e        app.event;
    count    integer := 0;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'feed_advance needs read committed: each of its statements must see what was committed before';
    END IF;
    IF NOT pg_try_advisory_xact_lock(hashtext('tepai feed')) THEN
        RETURN -1;
    END IF;
    SELECT * INTO mark FROM app.feed_mark;
    -- Seen before the events are looked for, so that what it says is over is in sight there.
    settled := mark.candidate_xid < pg_snapshot_xmin(pg_current_snapshot());
    IF NOT EXISTS (SELECT FROM app.event v WHERE v.seq > mark.low
                   AND NOT EXISTS (SELECT FROM app.feed f WHERE f.seq = v.seq AND f.seq > mark.low)) THEN
        RETURN 0;
    END IF;
    -- Whoever took a number up to `high` had its transaction id before, so a smaller one than ours if ours is new.
    IF pg_current_xact_id_if_assigned() IS NULL THEN
        SELECT s.last_value - (NOT s.is_called)::integer INTO high FROM app.event_seq_seq s;
    END IF;
    SELECT * INTO last FROM app.feed f ORDER BY f.pos DESC LIMIT 1;
    last.pos := coalesce(last.pos, 0);
    last.hash := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
    FOR e IN SELECT v.* FROM app.event v WHERE v.seq > mark.low
             AND NOT EXISTS (SELECT FROM app.feed f WHERE f.seq = v.seq AND f.seq > mark.low)
             ORDER BY v.seq LIMIT most LOOP
        count := count + 1;
        last.pos := last.pos + 1;
        last.hash := sha256(last.hash || convert_to(last.pos || ' ' || app.feed_text(e), 'UTF8'));
        INSERT INTO app.feed (pos, seq, hash) VALUES (last.pos, e.seq, last.hash);
    END LOOP;
    -- A database restored into a younger cluster has a candidate from the future, which would never be settled.
    settled := settled OR mark.candidate_xid > pg_current_xact_id();
    IF settled THEN
        UPDATE app.feed_mark SET low = CASE WHEN count < most THEN mark.candidate ELSE mark.low END,
               candidate = coalesce(high, mark.candidate), candidate_xid = pg_current_xact_id();
    END IF;
    RETURN count;
END
$$;
ALTER FUNCTION app.feed_advance(integer) OWNER TO tepai_internal;
