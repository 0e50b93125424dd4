-- What everybody may read: the 14 units that implement the programme (article 3), the numbers of the regulation by
-- dated version (article 20), and the coded terms. Accounts come later, so created_by has no foreign key here.

CREATE TABLE app.unit (
    code               text,
    gb2260_code        text,
    stat_code          text,
    name_zh            text NOT NULL,
    name_en            text NOT NULL,
    kind               text NOT NULL,
    st_office_name     text NOT NULL,
    talent_office_name text,
    public_phone       text,
    valid_from         date NOT NULL,
    valid_to           date,
    CONSTRAINT unit_pkey PRIMARY KEY (code),
    CONSTRAINT unit_gb2260_code_key UNIQUE (gb2260_code),
    CONSTRAINT value_not_allowed CHECK (kind IN ('district', 'county', 'high_tech_zone', 'economic_zone')
                                        AND char_length(code) = 6 AND valid_to >= valid_from)
);

-- values holds [{key, value, measure, article, origin, unit_id}], one element a key and unit.
CREATE TABLE app.policy (
    id         uuid,
    version    integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by uuid,
    status     text NOT NULL,
    code       text NOT NULL,
    title      text NOT NULL,
    doc_no     text NOT NULL,
    valid_from date NOT NULL,
    valid_to   date NOT NULL,
    "values"   jsonb NOT NULL,
    CONSTRAINT policy_pkey PRIMARY KEY (id),
    CONSTRAINT policy_code_key UNIQUE (code),
    CONSTRAINT policy_range_ordered CHECK (valid_from <= valid_to),
    CONSTRAINT policy_ranges_apart EXCLUDE USING gist (daterange(valid_from, valid_to, '[]') WITH &&)
        WHERE (status = 'adopted')
);
CREATE INDEX policy_valid_from ON app.policy (valid_from, id);

CREATE TRIGGER policy_b_guard BEFORE INSERT OR UPDATE ON app.policy
    FOR EACH ROW EXECUTE FUNCTION app.lifecycle_guard('policy');
CREATE TRIGGER policy_c_stamp BEFORE INSERT OR UPDATE ON app.policy FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER policy_event AFTER INSERT OR UPDATE OR DELETE ON app.policy
    FOR EACH ROW EXECUTE FUNCTION app.event_write('policy', '');

CREATE TABLE app.dictionary_entry (
    dictionary  text,
    code        text,
    zh          text NOT NULL,
    en          text NOT NULL,
    parent_code text,
    standard    text,
    attrs       jsonb NOT NULL DEFAULT '{}',
    sort_no     integer NOT NULL,
    valid_from  date NOT NULL,
    valid_to    date,
    CONSTRAINT dictionary_entry_pkey PRIMARY KEY (dictionary, code)
);
