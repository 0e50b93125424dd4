-- Wire form of a call.

CREATE OR REPLACE VIEW api.call WITH (security_invoker = true) AS
SELECT c.id, c.version, c.created_at, c.updated_at, c.created_by, c.unit_id, c.status, c.kind, c.doc_no, c.title,
       c.year, c.batch_no, c.body, c.opens_at, c.closes_at, array_to_json(c.attachments) AS attachments,
       -- A county may act on its own unit's calls alone.
       array_to_json(app.allowed_steps('call', c.status,
           (SELECT app.my_side()) = 'city' OR c.unit_id = (SELECT app.fact('unit')))) AS allowed_steps
FROM app.call c;
