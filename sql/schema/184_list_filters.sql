-- A timeline is in the order of the feed.
CREATE INDEX event_subject_seq ON app.event (subject_type, subject_id, seq, id);
DROP INDEX app.event_subject;

-- Entries are found by their code too.
DROP INDEX app.specialist_grams;
ALTER TABLE app.specialist DROP COLUMN grams;
ALTER TABLE app.specialist ADD COLUMN grams text[] GENERATED ALWAYS AS
    (app.grams(full_name || ' ' || code || ' ' || coalesce(discipline, '') || ' ' || app.spaced(specialties) || ' '
               || coalesce(research_summary, '') || ' ' || coalesce(intended_service, ''))) STORED;
CREATE INDEX specialist_grams ON app.specialist USING gin (grams);
