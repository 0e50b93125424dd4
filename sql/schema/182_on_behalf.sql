-- For whom an act was done stands on its event: said with the act itself (app.on_behalf_of, for one transaction), else as
-- the record was entered.
CREATE OR REPLACE FUNCTION app.event_write() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    before  jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END;
    after   jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}' ELSE to_jsonb(NEW) END;
    subject jsonb := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
    differ  jsonb;
BEGIN
    IF before -> 'version' = after -> 'version' THEN
        RETURN NULL;
    END IF;
    differ := app.row_changes(before, after, string_to_array(TG_ARGV[1], ','));
    INSERT INTO app.event (operation, subject_type, subject_id, unit_id, op, subject_version, account, role, office,
                           client, on_behalf_of, changes, changes_sha256, seen_by, seen_by_before)
    VALUES (coalesce(app.fact('operation'), 'migration'), TG_ARGV[0], (subject ->> 'id')::uuid, subject ->> 'unit_id',
            CASE WHEN TG_OP = 'DELETE' THEN 'removed' ELSE 'upsert' END,
            (subject ->> 'version')::integer + (TG_OP = 'DELETE')::integer,
            app.fact('account')::uuid, split_part(app.fact('actor'), '/', 1),
            nullif(split_part(app.fact('actor'), '/', 2), ''), app.fact('client')::uuid,
            coalesce(app.fact('on_behalf_of')::jsonb, nullif(subject -> 'entered_for', 'null')), differ,
            encode(sha256(convert_to(differ::text, 'UTF8')), 'hex'),
            CASE WHEN TG_OP = 'DELETE' THEN '{}' ELSE app.audience(TG_ARGV[0], after) END,
            CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE app.audience(TG_ARGV[0], before) END);
    RETURN NULL;
END
$$;
