-- To-do lists are read in their order: of each state and side the rows stand in an index as the list shows them, so a
-- page costs its own rows and not those of all that wait. One index for the city and one for counties; a firm has few
-- enough rows to sort them.

-- The day something is due: the correction's, else the answer's, else infinity. CASE and not coalesce, which PostgreSQL
-- does not trust under row-level security: it would filter by it instead of looking it up.
CREATE FUNCTION app.due(correct_by_on date, answer_by_on date) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$
    SELECT CASE WHEN correct_by_on IS NOT NULL THEN correct_by_on
                WHEN answer_by_on IS NOT NULL THEN answer_by_on
                ELSE 'infinity' END
$$;

-- What asks for demands by state alone is served by the first index as it was by the dropped one.
DROP INDEX app.demand_status;
CREATE INDEX demand_waiting ON app.demand (status, side, app.due(correct_by_on, NULL), updated_at, id);
CREATE INDEX demand_unit_waiting ON app.demand (unit_id, status, side, app.due(correct_by_on, NULL), updated_at, id);
CREATE INDEX application_waiting
    ON app.application (status, side, app.due(correct_by_on, answer_by_on), updated_at, id);
DROP INDEX app.enterprise_status;
CREATE INDEX enterprise_unit_waiting ON app.enterprise (unit_id, status, side, updated_at, id) WHERE status <> 'active';
DROP INDEX app.institution_proposed;
CREATE INDEX institution_proposed ON app.institution (updated_at, id) WHERE status = 'proposed';
DROP INDEX app.bank_account_proposed;
CREATE INDEX bank_account_proposed ON app.bank_account (unit_id, updated_at, id) WHERE status = 'proposed';
