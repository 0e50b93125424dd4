-- What an applicant says for himself when no ground of article 6 holds. Article 5 asks for one "as a rule" (一般应), so the
-- application may go on; it passes only by a waiver of the bureau.
ALTER TABLE app.application ADD COLUMN waiver_request text;
