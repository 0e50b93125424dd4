-- Who may read and write dispatch lists and their lines. The two offices that agree on a list see it from its draft on,
-- a county once its unit's lines are concurred in, everybody in the days of its public notice. Lists of what waits ask
-- every room.

GRANT SELECT (id, version, created_at, updated_at, status, title, year, batch_no, notice_from, notice_to)
    ON app.dispatch_list TO tepai_public, tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
GRANT INSERT (id, title, year, batch_no, note, public_notice),
      UPDATE (status, title, year, batch_no, note, public_notice)
    ON app.dispatch_list TO tepai_city;
GRANT SELECT, UPDATE (unit_ids, line_changes) ON app.dispatch_list TO tepai_internal;
CREATE POLICY readers ON app.dispatch_list FOR SELECT
    TO tepai_public, tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    USING ((SELECT app.fact('actor')) IS NOT NULL AND app.is_on_notice(status, notice_to));
CREATE POLICY city ON app.dispatch_list FOR SELECT TO tepai_city
    USING ((SELECT app.fact('actor')) IN ('city/st', 'city/talent'));
CREATE POLICY city_write ON app.dispatch_list FOR UPDATE TO tepai_city
    USING ((SELECT app.fact('actor')) IN ('city/st', 'city/talent'));
CREATE POLICY city_create ON app.dispatch_list FOR INSERT TO tepai_city
    WITH CHECK ((SELECT app.fact('actor')) = 'city/st');
CREATE POLICY county ON app.dispatch_list FOR SELECT TO tepai_county
    USING (app.county_reads_lines(status) AND unit_ids @> ARRAY[(SELECT app.fact('unit'))]);

GRANT SELECT ON app.dispatch_line TO tepai_city, tepai_county;
GRANT INSERT (id, list_id, match_id, start_on), UPDATE (status, strike_reason, talent_opinion, talent_reason)
    ON app.dispatch_line TO tepai_city;
GRANT SELECT, UPDATE ON app.dispatch_line TO tepai_internal;
CREATE POLICY city ON app.dispatch_line FOR SELECT TO tepai_city
    USING ((SELECT app.fact('actor')) IN ('city/st', 'city/talent'));
CREATE POLICY city_write ON app.dispatch_line FOR UPDATE TO tepai_city
    USING ((SELECT app.fact('actor')) IN ('city/st', 'city/talent'));
CREATE POLICY city_create ON app.dispatch_line FOR INSERT TO tepai_city
    WITH CHECK ((SELECT app.fact('actor')) = 'city/st');
CREATE POLICY county ON app.dispatch_line FOR SELECT TO tepai_county
    USING (unit_id = (SELECT app.fact('unit')) AND app.county_reads_lines(list_status) AND status <> 'struck');

-- What the rules of a list look at in other rooms.
GRANT SELECT ON app.intention, app.match_round, app.match, app.placement, app.agreement TO tepai_internal;
GRANT UPDATE (status) ON app.match TO tepai_internal;
GRANT EXECUTE ON FUNCTION app.dispatch_list_private(uuid), app.dispatch_lines_shown(uuid, uuid)
    TO tepai_public, tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
GRANT EXECUTE ON FUNCTION app.dispatch_line_faults(uuid, uuid, date), app.dispatch_list_fix_faults(uuid)
    TO tepai_city;
