-- What an institution's record derives and refuses (article 2), its contacts, and its search.

-- The bureau enters an institution; what an applicant names waits for the bureau.
CREATE OR REPLACE FUNCTION app.institution_fill() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    NEW.status := CASE app.my_side() WHEN 'city' THEN 'active' ELSE 'proposed' END;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER institution_a_fill BEFORE INSERT ON app.institution
    FOR EACH ROW EXECUTE FUNCTION app.institution_fill();

-- Rules its members must keep whenever they are written: a genuine credit code, and a place in China. Links go to the
-- address of the record, so an applicant, who could name his own, does not write it.
CREATE OR REPLACE FUNCTION app.institution_faults(given jsonb)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$
    SELECT 'uscc_checksum', '#/uscc', NULL::text WHERE NOT app.uscc_valid(given ->> 'uscc')
    UNION ALL
    SELECT * FROM app.code_faults('province', given -> 'province_code', '#/province_code')
    UNION ALL
    SELECT 'institution_email_by_city', '#/contact_email', NULL
    WHERE app.my_side() <> 'city' AND given ->> 'contact_email' IS NOT NULL
$$;

-- Whom to ask there: for the city alone. The connection says who asks, since that is what nobody can make up.
CREATE OR REPLACE FUNCTION app.institution_contact(of_institution uuid,
    OUT contact_name text, OUT contact_email text, OUT contact_phone text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT i.contact_name, i.contact_email, i.contact_phone
    FROM app.institution i WHERE i.id = of_institution AND session_user = 'tepai_city'
$$;
ALTER FUNCTION app.institution_contact(uuid) OWNER TO tepai_internal;

-- Ids of the institutions whose name and code hold every word of q. All who sign in see them all.
CREATE OR REPLACE FUNCTION app.institution_search(q text) RETURNS SETOF uuid LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT i.id
    FROM app.institution i
    WHERE i.grams @> app.grams(q)
      AND (SELECT app.my_side()) IN ('city', 'county', 'enterprise', 'specialist')
      AND ((SELECT app.grams_suffice(q)) OR app.has_words(concat_ws(' ', i.name, i.uscc), app.words(q)))
$$;
ALTER FUNCTION app.institution_search(text) OWNER TO tepai_internal;
