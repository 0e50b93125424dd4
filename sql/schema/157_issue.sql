-- Anything raised that somebody must follow up: problems of a placement (article 11) and objections to a list on public
-- notice (article 9.4). Inspections and meetings raise issues too, once there are such.

CREATE TABLE app.issue (
    id                  uuid,
    version             integer NOT NULL,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    created_by          uuid,
    unit_id             text NOT NULL,
    status              text NOT NULL DEFAULT 'open',
    source              text NOT NULL,
    list_id             uuid,
    line_id             uuid,
    placement_id        uuid,
    category            text NOT NULL,
    severity            text NOT NULL,
    content             text NOT NULL,
    attachments         uuid[] NOT NULL DEFAULT '{}',
    owner_side          text,
    owner_office        text,
    due_on              date,
    resolution          text,
    upheld              boolean,
    -- The last day on which the raiser may say that he is not content.
    confirm_by_on       date,
    -- Whose issue it is, in the words of seen_by, and the two sides of the placement or line it is about.
    raised_by           text NOT NULL,
    enterprise_id       uuid NOT NULL,
    specialist_id       uuid NOT NULL,
    CONSTRAINT issue_pkey PRIMARY KEY (id),
    CONSTRAINT issue_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    CONSTRAINT issue_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES app.unit (code),
    CONSTRAINT issue_list_id_fkey FOREIGN KEY (list_id) REFERENCES app.dispatch_list (id),
    CONSTRAINT issue_line_id_fkey FOREIGN KEY (line_id) REFERENCES app.dispatch_line (id),
    CONSTRAINT issue_placement_id_fkey FOREIGN KEY (placement_id) REFERENCES app.placement (id),
    CONSTRAINT issue_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES app.enterprise (id),
    CONSTRAINT issue_specialist_id_fkey FOREIGN KEY (specialist_id) REFERENCES app.specialist (id),
    CONSTRAINT value_not_allowed CHECK (
        CASE source WHEN 'public_notice' THEN list_id IS NOT NULL AND line_id IS NOT NULL AND placement_id IS NULL
                    WHEN 'placement' THEN placement_id IS NOT NULL AND list_id IS NULL AND line_id IS NULL
                    ELSE false END
        AND (source = 'public_notice') = (category = 'objection')
        AND category IN ('service', 'conditions', 'arrears', 'funds', 'truth', 'objection', 'other')
        AND severity IN ('minor', 'major', 'serious') AND owner_side IN ('city', 'county', 'enterprise', 'specialist'))
);
CREATE INDEX issue_updated ON app.issue (updated_at, id);
CREATE INDEX issue_unit_updated ON app.issue (unit_id, updated_at, id);
CREATE INDEX issue_raised_updated ON app.issue (raised_by, updated_at, id);
CREATE INDEX issue_enterprise ON app.issue (enterprise_id, updated_at, id);
CREATE INDEX issue_specialist ON app.issue (specialist_id, updated_at, id);
CREATE INDEX issue_line ON app.issue (line_id);
CREATE INDEX issue_placement ON app.issue (placement_id);
-- The day by which it waits for somebody; infinity when there is none.
CREATE INDEX issue_waiting ON app.issue (status, app.due(confirm_by_on, due_on), updated_at, id)
    WHERE status IN ('open', 'assigned', 'resolved');
CREATE INDEX issue_unit_waiting ON app.issue (unit_id, status, app.due(confirm_by_on, due_on), updated_at, id)
    WHERE status IN ('open', 'assigned', 'resolved');

CREATE TRIGGER issue_b_guard BEFORE INSERT OR UPDATE ON app.issue
    FOR EACH ROW EXECUTE FUNCTION app.lifecycle_guard('issue');
CREATE TRIGGER issue_c_stamp BEFORE INSERT OR UPDATE ON app.issue
    FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER issue_event AFTER INSERT OR UPDATE OR DELETE ON app.issue
    FOR EACH ROW EXECUTE FUNCTION app.event_write('issue', '');
