-- Coded terms are written by the S&T bureau from now on: each is a record with a version and events, told apart in the
-- event log by an id. A term is never removed, for older records name it; it gets a last day.

ALTER TABLE app.dictionary_entry
    ADD COLUMN id uuid NOT NULL DEFAULT app.uuid7(),
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    ADD COLUMN created_at timestamptz NOT NULL DEFAULT app.now(),
    ADD COLUMN updated_at timestamptz NOT NULL DEFAULT app.now(),
    ADD COLUMN created_by uuid,
    ADD CONSTRAINT dictionary_entry_id_key UNIQUE (id),
    ADD CONSTRAINT dictionary_entry_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    ADD CONSTRAINT term_range_ordered CHECK (valid_from <= valid_to),
    ADD CONSTRAINT value_not_allowed CHECK (parent_code <> code);

CREATE TRIGGER dictionary_entry_c_stamp BEFORE INSERT OR UPDATE ON app.dictionary_entry
    FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER dictionary_entry_event AFTER INSERT OR UPDATE OR DELETE ON app.dictionary_entry
    FOR EACH ROW EXECUTE FUNCTION app.event_write('dictionary_entry', '');
