-- A value sealed anew under another key is the same value: no new version, no event. Only the function that does it
-- (app.reseal, of the internal role) counts as that, and no operation of the service bears its name.
CREATE OR REPLACE FUNCTION app.stamp() RETURNS trigger LANGUAGE plpgsql AS
$$
DECLARE
    -- grams is generated after this trigger, so NEW never holds it.
    apart  CONSTANT text[] := '{version,created_at,updated_at,created_by,grams}';
    hidden CONSTANT text[] := '{draft,withdrawn,cancelled,closed}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.version := 1;
        NEW.created_at := app.now();
        NEW.updated_at := NEW.created_at;
        NEW.created_by := app.fact('account')::uuid;
        IF TG_ARGV[0] = 'side' THEN
            NEW.side := split_part(app.fact('actor'), '/', 1);
            NEW.shown := NEW.status <> ALL (hidden);
        END IF;
        RETURN NEW;
    END IF;
    NEW.created_at := OLD.created_at;
    NEW.created_by := OLD.created_by;
    IF TG_ARGV[0] = 'side' THEN
        NEW.side := OLD.side;
        NEW.shown := OLD.shown OR NEW.status <> ALL (hidden);
    END IF;
    IF to_jsonb(NEW) - apart = to_jsonb(OLD) - apart
       OR (current_user = 'tepai_internal' AND app.fact('operation') = 'reseal') THEN
        NEW.version := OLD.version;
        NEW.updated_at := OLD.updated_at;
        RETURN NEW;
    END IF;
    NEW.version := OLD.version + 1;
    NEW.updated_at := app.now();
    RETURN NEW;
END
$$;
