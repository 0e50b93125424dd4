-- Views are made anew as a whole: a view that is replaced in place keeps its columns and their order, so that a member
-- could be added at the end alone. Whoever reads meanwhile waits for the end of the transaction and plans anew.

DO $$
DECLARE
    v record;
BEGIN
    FOR v IN SELECT schemaname, viewname FROM pg_views WHERE schemaname IN ('api', 'api_specialist') LOOP
        EXECUTE format('DROP VIEW %I.%I', v.schemaname, v.viewname);
    END LOOP;
END
$$;
