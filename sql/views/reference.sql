-- Wire form of what everybody may read.

CREATE OR REPLACE VIEW api.unit WITH (security_invoker = true) AS
SELECT u.code, u.gb2260_code, u.stat_code, u.name_zh, u.name_en, u.kind, u.st_office_name, u.talent_office_name,
       u.public_phone, u.valid_from, u.valid_to
FROM app.unit u;

CREATE OR REPLACE VIEW api.dictionary_entry WITH (security_invoker = true) AS
SELECT d.id, d.version, d.created_at, d.updated_at, d.created_by, d.dictionary, d.code, d.zh, d.en, d.parent_code,
       d.standard, d.attrs, d.sort_no, d.valid_from, d.valid_to
FROM app.dictionary_entry d;

CREATE OR REPLACE VIEW api.policy WITH (security_invoker = true) AS
SELECT p.id, p.version, p.created_at, p.updated_at, p.created_by, p.status, p.code, p.title, p.doc_no, p.valid_from,
       p.valid_to, p."values",
       array_to_json(app.allowed_steps('policy', p.status, true)) AS allowed_steps, p.decided_by, p.decided_at,
       p.superseded_by
FROM app.policy p;
