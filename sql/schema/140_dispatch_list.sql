-- The list that the S&T bureau and the talent office agree on (article 9.4).

CREATE TABLE app.dispatch_list (
    id                  uuid,
    version             integer NOT NULL,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    created_by          uuid,
    status              text NOT NULL DEFAULT 'draft',
    title               text NOT NULL,
    year                integer NOT NULL,
    batch_no            integer NOT NULL,
    note                text,
    public_notice       boolean NOT NULL DEFAULT false,
    notice_from         date,
    notice_to           date,
    consulted_at        timestamptz,
    concurred_by        uuid,
    fixed_by            uuid,
    fixed_at            timestamptz,
    -- Units of its live lines, kept in the row because an event's readers are told from the row alone.
    unit_ids            text[] NOT NULL DEFAULT '{}',
    -- Counts lines put on or struck, so that the version of the list rises with them.
    line_changes        integer NOT NULL DEFAULT 0,
    CONSTRAINT dispatch_list_pkey PRIMARY KEY (id),
    CONSTRAINT dispatch_list_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    CONSTRAINT dispatch_list_concurred_by_fkey FOREIGN KEY (concurred_by) REFERENCES app.account (id),
    CONSTRAINT dispatch_list_fixed_by_fkey FOREIGN KEY (fixed_by) REFERENCES app.account (id),
    CONSTRAINT value_not_allowed CHECK (
        year BETWEEN 2021 AND 2100 AND batch_no > 0 AND notice_from <= notice_to),
    CONSTRAINT concurrer_fixes CHECK (fixed_by <> concurred_by)
);
CREATE UNIQUE INDEX dispatch_list_batch_no_key ON app.dispatch_list (year, batch_no) WHERE status <> 'cancelled';
CREATE INDEX dispatch_list_updated ON app.dispatch_list (updated_at, id);

CREATE TRIGGER dispatch_list_b_guard BEFORE INSERT OR UPDATE ON app.dispatch_list
    FOR EACH ROW EXECUTE FUNCTION app.lifecycle_guard('dispatch_list');
CREATE TRIGGER dispatch_list_c_stamp BEFORE INSERT OR UPDATE ON app.dispatch_list
    FOR EACH ROW EXECUTE FUNCTION app.stamp();
-- Whoever reads an announcement reads its timeline: what the two offices write down is named there without values.
CREATE TRIGGER dispatch_list_event AFTER INSERT OR UPDATE OR DELETE ON app.dispatch_list
    FOR EACH ROW EXECUTE FUNCTION app.event_write('dispatch_list',
        'note,consulted_at,concurred_by,fixed_by,fixed_at,unit_ids');
