-- One open draft per call and account: files are bound to drafts, so that their number bounds what is stored. What an
-- office enters from paper is not counted. An entry of the register is in the hands of one account.
CREATE UNIQUE INDEX application_draft_key ON app.application (call_id, applicant_id)
    WHERE status = 'draft' AND side = 'specialist';

CREATE UNIQUE INDEX account_specialist_key ON app.account (specialist_id);
