-- Wire form of an agreement. The signatures are those of the present text; those of an older one are void and not shown.

CREATE OR REPLACE VIEW api.agreement WITH (security_invoker = true) AS
SELECT a.id, a.version, a.created_at, a.updated_at, a.created_by, a.unit_id, a.status, a.line_id, a.agreement_no,
       a.version_no, a.amends_id, a.policy_id, a.specialist_id, a.institution_id, a.enterprise_id, a.demand_id,
       a.start_on, a.end_on, a.service_quota, array_to_json(a.service_forms) AS service_forms, a.tasks, a.conditions,
       a.fee_terms, a.home_post_terms, a.ip_terms, a.confidentiality_terms, a.safety_terms, a.change_terms,
       a.liability_terms, a.template_version, a."text", a.content_sha256, a.issue_by_on, a.sign_by_on,
       (SELECT coalesce(json_agg(json_build_object(
                   'party', s.party, 'signatory', s.signatory, 'post', s.post, 'method', s.method,
                   'content_sha256', s.content_sha256, 'statement', s.statement, 'proof_jws', s.proof_jws,
                   'attachment_id', s.attachment_id, 'at', app.rfc3339(s.at)) ORDER BY s.at, s.party), '[]')
        FROM app.agreement_signature s
        WHERE s.agreement_id = a.id AND s.version_no = a.version_no AND s.content_sha256 = a.content_sha256)
           AS signatures,
       a.filing_no, a.filed_on, a.filed_by,
       array_to_json(app.agreement_steps(a)) AS allowed_steps
FROM app.agreement a;
