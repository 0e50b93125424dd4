-- Who may read and write issues: the raiser, the owner, the county of the unit, and the city. Which of them may take
-- which step, app.issue_steps says.

GRANT SELECT ON app.issue TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist, tepai_internal;
GRANT INSERT (id, source, list_id, line_id, placement_id, category, severity, content, attachments),
      UPDATE (status, owner_side, owner_office, due_on, resolution, upheld)
    ON app.issue TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
GRANT UPDATE (status, unit_id) ON app.issue TO tepai_internal;
GRANT EXECUTE ON FUNCTION app.issue_faults(text, uuid, uuid, uuid, text)
    TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
CREATE POLICY city ON app.issue FOR SELECT TO tepai_city USING ((SELECT app.my_side()) = 'city');
CREATE POLICY city_write ON app.issue FOR UPDATE TO tepai_city USING ((SELECT app.fact('actor')) = 'city/st');
CREATE POLICY raiser ON app.issue FOR SELECT TO tepai_county, tepai_enterprise, tepai_specialist
    USING (raised_by = ANY ((SELECT app.my_words())::text[]));
CREATE POLICY raiser_write ON app.issue FOR UPDATE TO tepai_county, tepai_enterprise, tepai_specialist
    USING (raised_by = ANY ((SELECT app.my_words())::text[]));
CREATE POLICY create_own ON app.issue FOR INSERT TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    WITH CHECK (raised_by = ANY ((SELECT app.my_words())::text[]));
CREATE POLICY county ON app.issue FOR SELECT TO tepai_county USING (unit_id = (SELECT app.fact('unit')));
CREATE POLICY county_write ON app.issue FOR UPDATE TO tepai_county USING (unit_id = (SELECT app.fact('unit')));
CREATE POLICY owner ON app.issue FOR SELECT TO tepai_enterprise
    USING (owner_side = 'enterprise' AND enterprise_id = (SELECT app.fact('enterprise')::uuid));
CREATE POLICY owner_write ON app.issue FOR UPDATE TO tepai_enterprise
    USING (owner_side = 'enterprise' AND enterprise_id = (SELECT app.fact('enterprise')::uuid));
CREATE POLICY owning ON app.issue FOR SELECT TO tepai_specialist
    USING (owner_side = 'specialist' AND specialist_id = (SELECT app.fact('specialist')::uuid));
CREATE POLICY owning_write ON app.issue FOR UPDATE TO tepai_specialist
    USING (owner_side = 'specialist' AND specialist_id = (SELECT app.fact('specialist')::uuid));

-- What was said about an issue is read by whoever reads the issue.
CREATE POLICY issue ON app.review FOR SELECT TO tepai_county, tepai_enterprise, tepai_specialist
    USING ((SELECT app.fact('actor')) IS NOT NULL AND subject_type = 'issue'
           AND subject_id IN (SELECT i.id FROM app.issue i));
CREATE POLICY issue_write ON app.review FOR INSERT TO tepai_county, tepai_enterprise, tepai_specialist
    WITH CHECK ((SELECT app.fact('actor')) IS NOT NULL AND subject_type = 'issue'
                AND subject_id IN (SELECT i.id FROM app.issue i));
