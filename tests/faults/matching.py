"""Firms with an open demand, registered persons and their wishes for tests of matching, put in beside the road: every
demand wishes for EACH persons and every person for EACH demands, so that about 2 * EACH pairs a demand are admissible."""


def fill(house, count, each):
    house.sql(f"""
SET session_replication_role = replica;
UPDATE app.demand SET status = 'expired' WHERE status = 'open';
UPDATE app.specialist SET status = 'expired' WHERE status = 'registered';
CREATE SCHEMA probe;
CREATE TABLE probe.firm AS SELECT n, gen_random_uuid() AS id, gen_random_uuid() AS demand, gen_random_uuid() AS person
FROM generate_series(1, {count}) n;
""")
    # Generated columns are left out of every list.
    for table, source, changes in (
            ('enterprise', "(SELECT id FROM app.enterprise WHERE status = 'active' ORDER BY id LIMIT 1)",
             "jsonb_build_object('id', f.id, 'uscc', 'PROBE' || lpad(f.n::text, 13, '0'), 'name', '试验企业' || f.n,"
             " 'version', 1, 'priority_bp', f.n % 3 * 2000)"),
            ('demand', "(SELECT id FROM app.demand WHERE tech_field IS NOT NULL AND targets <> '[]' ORDER BY id LIMIT 1)",
             "jsonb_build_object('id', f.demand, 'enterprise_id', f.id, 'title', '试验需求' || f.n, 'status', 'open',"
             " 'shown', true, 'priority_no', null, 'call_id', null, 'close_reason', null, 'version', 1, 'unit_id',"
             " (SELECT unit_id FROM app.enterprise x WHERE x.id = f.id), 'valid_to', app.today() + 300,"
             " 'opened_at', app.now() - f.n % 7 * interval '1 day')"),
            ('specialist', '(SELECT id FROM app.specialist ORDER BY id LIMIT 1)',
             "jsonb_build_object('id', f.person, 'code', 'TP-2097-' || lpad(f.n::text, 5, '0'), 'full_name', '试验人员' || f.n,"
             " 'id_no_index', '\\x' || encode(sha256(f.person::text::bytea), 'hex'), 'status', 'registered', 'version', 1,"
             " 'available_from', null, 'available_to', null, 'valid_to', app.today() + 900)")):
        columns = house.sql("SELECT string_agg(quote_ident(column_name), ',') FROM information_schema.columns WHERE"
                            f" table_schema = 'app' AND table_name = '{table}' AND is_generated = 'NEVER'")
        house.sql(f"SET session_replication_role = replica; INSERT INTO app.{table} ({columns}) SELECT {columns} FROM"
                  f" (SELECT r.* FROM probe.firm f, app.{table} t CROSS JOIN LATERAL jsonb_populate_record(t, {changes}) r"
                  f" WHERE t.id = {source}) x")
    house.sql(f"""
SET session_replication_role = replica;
INSERT INTO app.intention (id, version, created_at, updated_at, unit_id, status, side, demand_id, enterprise_id,
                           specialist_id, rank, conflict)
SELECT gen_random_uuid(), 1, app.now(), app.now(), d.unit_id, 'active', s.side, d.id, d.enterprise_id, p.person, w.rank,
       '{{"kind": "none", "detail": null}}'
FROM generate_series(1, {each}) w(rank) CROSS JOIN probe.firm f CROSS JOIN (VALUES ('enterprise'), ('specialist')) s(side)
JOIN probe.firm o ON o.n = (f.n * 7919 + w.rank * 104729 + CASE s.side WHEN 'enterprise' THEN 0 ELSE 31 END) % {count} + 1
JOIN app.demand d ON d.id = CASE s.side WHEN 'enterprise' THEN f.demand ELSE o.demand END
JOIN probe.firm p ON p.n = CASE s.side WHEN 'enterprise' THEN o.n ELSE f.n END;
ANALYZE app.intention; ANALYZE app.demand; ANALYZE app.specialist; ANALYZE app.enterprise;
""")
