-- Wire form of a firm. Specialists see its name, place, branch and classes alone.

CREATE OR REPLACE VIEW api.enterprise WITH (security_invoker = true) AS
SELECT e.id, e.version, e.created_at, e.updated_at, e.created_by, e.entered_for, e.unit_id, e.status, e.uscc,
       e.uscc_override_reason, e.uscc_override_scan_id, e.name, e.is_legal_person, e.legal_representative,
       e.registered_on,
       e.registered_capital_fen, e.address, e.industry_code, e.chain_code, e.main_business, e.contact_name,
       e.contact_phone_masked, e.contact_email, e.figures, e.is_above_scale, e.is_weak_rd_sme, e.hitech_cert_no,
       e.hitech_valid_to, e.sme_tech_no, e.sme_tech_year, array_to_json(e.rd_platforms) AS rd_platforms,
       array_to_json(e.other_programmes) AS other_programmes, e.priority_bp, e.barred_until, e.current_placement_id,
       array_to_json(app.allowed_steps('enterprise', e.status, true)) AS allowed_steps
FROM app.enterprise e;

CREATE OR REPLACE VIEW api_specialist.enterprise WITH (security_invoker = true) AS
SELECT e.id, e.version, e.created_at, e.updated_at, NULL::uuid AS created_by, NULL::jsonb AS entered_for, e.unit_id,
       e.status, NULL::text AS uscc, NULL::text AS uscc_override_reason, NULL::uuid AS uscc_override_scan_id, e.name,
       NULL::boolean AS is_legal_person, NULL::text AS legal_representative, NULL::date AS registered_on,
       NULL::bigint AS registered_capital_fen,
       NULL::text AS address, e.industry_code, e.chain_code, NULL::text AS main_business, NULL::text AS contact_name,
       NULL::text AS contact_phone_masked, NULL::text AS contact_email, '[]'::jsonb AS figures, e.is_above_scale,
       e.is_weak_rd_sme, NULL::text AS hitech_cert_no, NULL::date AS hitech_valid_to, NULL::text AS sme_tech_no,
       NULL::integer AS sme_tech_year, '[]'::json AS rd_platforms, '[]'::json AS other_programmes,
       e.priority_bp, NULL::date AS barred_until, NULL::uuid AS current_placement_id, '[]'::json AS allowed_steps
FROM app.enterprise e;
