-- Personal data under a new key: the sealed values of a column that older keys sealed, and the exchange of one for
-- another. The service opens and seals; here they are bytes.

-- Columns that hold sealed values: bytes with a masked form beside them.
CREATE OR REPLACE FUNCTION app.sealed_columns() RETURNS TABLE (room text, field text) LANGUAGE sql STABLE AS
$$
    SELECT c.relname::text, s.attname::text
    FROM pg_class c
    JOIN pg_attribute s ON s.attrelid = c.oid AND s.atttypid = 'bytea'::regtype AND NOT s.attisdropped
    JOIN pg_attribute m ON m.attrelid = c.oid AND m.attname = s.attname || '_masked' AND NOT m.attisdropped
    WHERE c.relnamespace = 'app'::regnamespace AND c.relkind = 'r'
    ORDER BY 1, 2
$$;

-- A portion of values that another key than `newest` sealed; bytes 2 to 5 of a value name its key.
CREATE OR REPLACE FUNCTION app.sealed_by_others(of_room text, of_field text, newest integer, after uuid,
                                                portion integer)
RETURNS TABLE (id uuid, sealed bytea) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    IF NOT EXISTS (SELECT FROM app.sealed_columns() c WHERE c.room = of_room AND c.field = of_field) THEN
        RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'no sealed column';
    END IF;
    RETURN QUERY EXECUTE format('SELECT t.id, t.%1$I FROM app.%2$I t WHERE t.id > $1 AND t.%1$I IS NOT NULL'
                                ' AND substring(t.%1$I FROM 2 FOR 4) <> int4send($2) ORDER BY t.id LIMIT $3',
                                of_field, of_room) USING after, newest, portion;
END
$$;
ALTER FUNCTION app.sealed_by_others(text, text, integer, uuid, integer) OWNER TO tepai_internal;

-- Puts one sealed value in the place of another, unless somebody has changed it meanwhile.
CREATE OR REPLACE FUNCTION app.reseal(of_room text, of_field text, row_id uuid, was bytea, becomes bytea)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    moved integer;
BEGIN
    IF NOT EXISTS (SELECT FROM app.sealed_columns() c WHERE c.room = of_room AND c.field = of_field) THEN
        RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'no sealed column';
    END IF;
    PERFORM set_config('app.operation', 'reseal', true);
    EXECUTE format('UPDATE app.%2$I SET %1$I = $3 WHERE id = $1 AND %1$I = $2', of_field, of_room)
    USING row_id, was, becomes;
    GET DIAGNOSTICS moved = ROW_COUNT;
    PERFORM set_config('app.operation', '', true);
    RETURN moved = 1;
END
$$;
ALTER FUNCTION app.reseal(text, text, uuid, bytea, bytea) OWNER TO tepai_internal;
