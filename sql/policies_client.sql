-- Who may do what with machine clients, after policies.sql has made all tables private to the internal role. They prove
-- themselves through functions of that role; secrets, assertions and tokens given back are nobody's to read. The
-- bureau, which approves them, and the county they act for see which there are.

GRANT SELECT, UPDATE (status) ON app.client TO tepai_internal;
GRANT SELECT ON app.client_secret TO tepai_internal;
GRANT SELECT, INSERT, DELETE ON app.client_assertion, app.client_token TO tepai_internal;

GRANT SELECT ON app.client TO tepai_city, tepai_county;
CREATE POLICY city ON app.client FOR SELECT TO tepai_city USING ((SELECT app.fact('actor')) = 'city/st');
CREATE POLICY county ON app.client FOR SELECT TO tepai_county USING (unit_id = (SELECT app.fact('unit')));
