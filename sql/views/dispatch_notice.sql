-- Wire form of a notice with its lines. Units, firms and persons read an issued one and their own lines of it; what the
-- offices said stays among them.

CREATE OR REPLACE VIEW api.dispatch_notice WITH (security_invoker = true) AS
SELECT n.id, n.version, n.created_at, n.updated_at, n.created_by, n.status, n.doc_no, n.title, n.issued_on,
       array_to_json(app.dispatch_notice_agreements(n.id)) AS agreement_ids,
       (SELECT coalesce(json_agg(json_build_object('office', v.office, 'decision', v.decision, 'opinion', v.opinion,
                                                   'account', v.account_id, 'at', app.rfc3339(v.at))
                                 ORDER BY v.at, v.office), '[]')
        FROM app.dispatch_notice_approval v WHERE v.notice_id = n.id) AS approvals,
       array_to_json(app.dispatch_notice_steps(n)) AS allowed_steps
FROM app.dispatch_notice n;
