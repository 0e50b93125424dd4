-- The scan of the licence that bears out an excused credit code (article 7). Views that gain a member in their midst are
-- made anew.
DROP VIEW IF EXISTS api.enterprise, api_specialist.enterprise;
ALTER TABLE app.enterprise ADD COLUMN uscc_override_scan_id uuid;
DROP FUNCTION IF EXISTS app.enterprise_faults(jsonb, text);
