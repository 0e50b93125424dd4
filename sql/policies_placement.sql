-- Who may read and write notices, placements and what falls due in them; policies.sql tells how such files work.

-- dispatch_notice: the city's offices; units, firms and persons of its lines once it is issued, with their own lines.
-- What an office said is the city's to read. Lines and words are added, never changed.
GRANT SELECT ON app.dispatch_notice, app.dispatch_notice_agreement, app.dispatch_notice_approval
    TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist, tepai_internal;
GRANT INSERT (id, title), UPDATE (status, doc_no) ON app.dispatch_notice TO tepai_city;
GRANT INSERT (notice_id, agreement_id, position, unit_id, enterprise_id, specialist_id)
    ON app.dispatch_notice_agreement TO tepai_city;
GRANT INSERT (notice_id, decision, opinion) ON app.dispatch_notice_approval TO tepai_city;
GRANT UPDATE (status, approval_count, readers) ON app.dispatch_notice TO tepai_internal;
GRANT UPDATE (live, unit_id) ON app.dispatch_notice_agreement TO tepai_internal;
CREATE POLICY city ON app.dispatch_notice FOR SELECT TO tepai_city USING ((SELECT app.my_side()) = 'city');
CREATE POLICY city_write ON app.dispatch_notice FOR UPDATE TO tepai_city USING ((SELECT app.my_side()) = 'city');
CREATE POLICY city_create ON app.dispatch_notice FOR INSERT TO tepai_city
    WITH CHECK ((SELECT app.fact('actor')) = 'city/st');
CREATE POLICY readers ON app.dispatch_notice FOR SELECT TO tepai_county, tepai_enterprise, tepai_specialist
    USING (status = 'issued' AND readers && (SELECT app.my_words()));
CREATE POLICY city ON app.dispatch_notice_agreement FOR SELECT TO tepai_city USING ((SELECT app.my_side()) = 'city');
CREATE POLICY city_create ON app.dispatch_notice_agreement FOR INSERT TO tepai_city
    WITH CHECK ((SELECT app.fact('actor')) = 'city/st');
CREATE POLICY county ON app.dispatch_notice_agreement FOR SELECT TO tepai_county
    USING (unit_id = (SELECT app.fact('unit')) AND EXISTS (SELECT FROM app.dispatch_notice n WHERE n.id = notice_id));
CREATE POLICY enterprise ON app.dispatch_notice_agreement FOR SELECT TO tepai_enterprise
    USING (enterprise_id = (SELECT app.fact('enterprise')::uuid)
           AND EXISTS (SELECT FROM app.dispatch_notice n WHERE n.id = notice_id));
CREATE POLICY specialist ON app.dispatch_notice_agreement FOR SELECT TO tepai_specialist
    USING (specialist_id = (SELECT app.fact('specialist')::uuid)
           AND EXISTS (SELECT FROM app.dispatch_notice n WHERE n.id = notice_id));
CREATE POLICY city ON app.dispatch_notice_approval FOR SELECT TO tepai_city USING ((SELECT app.my_side()) = 'city');
CREATE POLICY city_create ON app.dispatch_notice_approval FOR INSERT TO tepai_city
    WITH CHECK (account_id = (SELECT app.fact('account')::uuid)
                AND 'city/' || office = (SELECT app.fact('actor')));

-- placement: the city, the unit and both sides; the system makes and moves it, the lead office may stop one.
GRANT SELECT ON app.placement TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist, tepai_internal;
GRANT UPDATE (status, end_reason) ON app.placement TO tepai_city;
GRANT INSERT (id, unit_id, placement_no, policy_id, specialist_id, enterprise_id, institution_id, demand_id,
              agreement_id, notice_id, start_on, end_on, service_quota),
      UPDATE (unit_id, status, ended_on, end_reason, hold_reasons) ON app.placement TO tepai_internal;
GRANT UPDATE (current_placement_id) ON app.enterprise TO tepai_internal;
CREATE POLICY city ON app.placement FOR SELECT TO tepai_city USING ((SELECT app.my_side()) = 'city');
CREATE POLICY city_write ON app.placement FOR UPDATE TO tepai_city USING ((SELECT app.fact('actor')) = 'city/st');
CREATE POLICY county ON app.placement FOR SELECT TO tepai_county USING (unit_id = (SELECT app.fact('unit')));
CREATE POLICY enterprise ON app.placement FOR SELECT TO tepai_enterprise
    USING (enterprise_id = (SELECT app.fact('enterprise')::uuid));
CREATE POLICY specialist ON app.placement FOR SELECT TO tepai_specialist
    USING (specialist_id = (SELECT app.fact('specialist')::uuid));

-- obligation: the debtor, the unit and the city; who grants time or excuses is an S&T office.
GRANT SELECT ON app.obligation TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist, tepai_internal;
GRANT UPDATE (status, extended_to, reason) ON app.obligation TO tepai_city, tepai_county;
GRANT INSERT (id, unit_id, kind, placement_id, debtor_role, debtor_office, enterprise_id, specialist_id, period,
              period_from, period_to, due_on),
      UPDATE (unit_id, status) ON app.obligation TO tepai_internal;
CREATE POLICY city ON app.obligation FOR SELECT TO tepai_city USING ((SELECT app.my_side()) = 'city');
CREATE POLICY city_write ON app.obligation FOR UPDATE TO tepai_city USING ((SELECT app.fact('actor')) = 'city/st');
CREATE POLICY county ON app.obligation FOR SELECT TO tepai_county USING (unit_id = (SELECT app.fact('unit')));
CREATE POLICY county_write ON app.obligation FOR UPDATE TO tepai_county
    USING ((SELECT app.fact('actor')) = 'county/st' AND unit_id = (SELECT app.fact('unit')));
CREATE POLICY enterprise ON app.obligation FOR SELECT TO tepai_enterprise
    USING (enterprise_id = (SELECT app.fact('enterprise')::uuid));
CREATE POLICY specialist ON app.obligation FOR SELECT TO tepai_specialist
    USING (specialist_id = (SELECT app.fact('specialist')::uuid));
