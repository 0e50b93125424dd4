-- What the lead office has to hand on is found by its own index. A line never begins in the past, so none has a reason.

CREATE INDEX agreement_handed_on ON app.agreement (start_on, updated_at, id) WHERE status IN ('signed', 'filed');
CREATE INDEX match_handed_on ON app.match (updated_at, id) WHERE status = 'adopted';
ALTER TABLE app.dispatch_line DROP COLUMN start_reason;
