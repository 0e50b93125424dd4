-- Heads of the feed: position, hash and time, signed by the service (a JWS). Whoever can write here cannot sign, and
-- copies kept elsewhere show what is missing here. One a minute at the most while there are changes, or 1,000 positions.
CREATE TABLE app.feed_head (
    pos  bigint,
    at   timestamptz NOT NULL DEFAULT now(),
    head text NOT NULL,
    CONSTRAINT feed_head_pkey PRIMARY KEY (pos)
);
