-- Heads of the feed as the worker signs and keeps them. Their times are real times: they prove when something stood in
-- the feed, whatever a sandbox's clock says.

-- The newest position when it wants signing: it is not signed yet, and a minute or `every` positions have gone by.
CREATE OR REPLACE FUNCTION app.feed_head_due(every integer, OUT pos bigint, OUT hash text, OUT at text)
RETURNS SETOF record LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT f.pos, encode(f.hash, 'hex'), app.rfc3339(now())
    FROM (SELECT * FROM app.feed ORDER BY pos DESC LIMIT 1) f
    LEFT JOIN (SELECT * FROM app.feed_head ORDER BY pos DESC LIMIT 1) h ON true
    WHERE h.pos IS NULL OR f.pos > h.pos AND (h.at < now() - interval '1 minute' OR f.pos >= h.pos + every)
$$;
ALTER FUNCTION app.feed_head_due(integer) OWNER TO tepai_internal;

-- Keeps a signed head; the first of two for one position. True when it was kept.
CREATE OR REPLACE FUNCTION app.feed_head_keep(of_pos bigint, signed text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    INSERT INTO app.feed_head (pos, head) VALUES (of_pos, signed) ON CONFLICT (pos) DO NOTHING;
    RETURN FOUND;
END
$$;
ALTER FUNCTION app.feed_head_keep(bigint, text) OWNER TO tepai_internal;
