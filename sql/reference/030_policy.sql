-- The numbers behind the rules under 长科规〔2024〕3号, in force 2024-06-10 to 2029-06-09. origin regulation: stands in
-- the text; default: ours, where the text is silent. Adopted once; later versions are new rows, never changes of this.

DO $$
BEGIN
    IF EXISTS (SELECT FROM app.policy p WHERE p.code = '2024') THEN
        RETURN;
    END IF;
    PERFORM set_config('app.actor', 'city/st', true), set_config('app.operation', 'policy_create', true);
    INSERT INTO app.policy (id, status, code, title, doc_no, valid_from, valid_to, "values")
    SELECT '01900000-2024-7000-8000-000000000001', 'draft', '2024', '长治市企业科技特派员工作管理办法（2024年版参数）',
           '长科规〔2024〕3号', '2024-06-10', '2029-06-09',
           jsonb_agg(jsonb_build_object('key', v.key, 'value', v.value::jsonb, 'measure', v.measure,
                                        'article', v.article, 'origin', v.origin, 'unit_id', NULL) ORDER BY v.line)
    FROM (VALUES
            (1, 'eligibility_grounds', '["doctorate", "doctoral_student", "title", "service_qualification"]', NULL, '5, 6', 'regulation'),
            (2, 'title_level_min', '"intermediate"', NULL, '5, 6', 'regulation'),
            (3, 'term_months', '12', 'months', '4', 'regulation'),
            (4, 'renewal_term_months', '12', 'months', '17', 'regulation'),
            (5, 'min_services_per_year', '10', 'count', '12', 'regulation'),
            (6, 'excellent_share_bp', '2000', 'bp', '15', 'regulation'),
            (7, 'fund_total_fen', '5000000', 'fen', '18', 'regulation'),
            (8, 'payout_usages', '["travel", "lodging", "consulting", "technical_service"]', NULL, '18', 'regulation'),
            (9, 'fund_gate', '"mid_term_closed"', NULL, '18', 'regulation'),
            (10, 'renewal_grades', '["excellent", "good"]', NULL, '17', 'regulation'),
            (11, 'city_meetings_per_year', '1', 'count', '11', 'regulation'),
            (12, 'evaluation_interval_months', '6', 'months', '14', 'regulation'),
            (13, 'assessments_per_year', '1', 'count', '14', 'regulation'),
            (14, 'mid_terms_per_term', '1', 'count', '14', 'default'),
            (15, 'assess_min_days', '90', 'days', '14', 'default'),
            (16, 'excellent_scope', '"city"', NULL, '15', 'default'),
            (17, 'excellent_rounding', '"floor"', NULL, '15', 'default'),
            (18, 'renewal_bar_months', '12', 'months', '15', 'regulation'),
            (19, 'renewal_qualified_by_exception', 'true', NULL, '17', 'default'),
            (20, 'renewal_open_days', '60', 'days', '17', 'default'),
            (21, 'renewal_max_gap_days', '120', 'days', '17', 'default'),
            (22, 'renewal_answer_days', '30', 'days', '17', 'default'),
            (23, 'city_share_bp', '5000', 'bp', '18', 'default'),
            (24, 'unqualified_reduction_bp', '5000', 'bp', '15', 'default'),
            (25, 'recovery_due_days', '60', 'days', '15', 'default'),
            (26, 'offset_window_days', '365', 'days', '15', 'default'),
            (27, 'disburse_due_days', '30', 'days', '18', 'default'),
            (28, 'acknowledge_days', '10', 'days', '18', 'default'),
            (29, 'receipt_days', '15', 'days', '18', 'default'),
            (30, 'arrears_days', '30', 'days', '19', 'default'),
            (31, 'register_valid_months', '36', 'months', '9.1', 'default'),
            (32, 'consent_link_days', '14', 'days', '9.1', 'default'),
            (33, 'correction_days', '10', 'days', '9.2', 'default'),
            (34, 'demand_valid_months', '12', 'months', '9.2', 'default'),
            (35, 'public_notice_days', '5', 'days', '9.4', 'default'),
            (36, 'agreement_sign_days', '30', 'days', '9.5', 'default'),
            (37, 'match_candidates', '"one_sided"', NULL, '9.3', 'default'),
            (38, 'match_min_score_bp', '3000', 'bp', '9.3', 'default'),
            (39, 'double_funding_months', '24', 'months', '9.3', 'default'),
            (40, 'match_weights_bp', '{"tech_field": 2500, "topic": 2000, "task_group": 1000, "qualification": 1000, "record": 1000, "priority": 1000, "service_form": 500, "availability": 500, "place": 500}', 'bp', '9.3', 'default'),
            (41, 'enterprise_priority_bp', '{"above_scale": 4000, "hitech": 4000, "weak_rd_sme": 2000}', 'bp', '7', 'default'),
            (42, 'work_plan_due_days', '30', 'days', '12', 'default'),
            (43, 'quarter_due_days', '10', 'days', '12', 'default'),
            (44, 'half_year_due_days', '15', 'days', '12', 'default'),
            (45, 'annual_due_days', '15', 'days', '12', 'default'),
            (46, 'quarter_replaced', '{"q2": "half_year", "q4": "annual"}', NULL, '12', 'default'),
            (47, 'service_min_minutes', '60', 'minutes', '12', 'default'),
            (48, 'service_max_per_day', '1', 'count', '12', 'default'),
            (49, 'service_remote_max_share_bp', '5000', 'bp', '12', 'default'),
            (50, 'confirm_days', '15', 'days', '12', 'default'),
            (51, 'mid_term_due_days', '30', 'days', '14', 'default'),
            (52, 'annual_evaluation_due_days', '30', 'days', '14', 'default'),
            (53, 'grade_cutoffs_bp', '{"excellent": 9000, "good": 7500, "qualified": 6000}', 'bp', '15', 'default'),
            (54, 'mid_term_cutoffs_bp', '{"on_track": 6000, "attention": 4000}', 'bp', '15', 'default'),
            (55, 'appeal_days', '10', 'days', '15', 'default'),
            (56, 'appeal_decision_days', '20', 'days', '15', 'default'),
            (57, 'change_confirm_days', '15', 'days', '13', 'default'),
            (58, 'response_days', '10', 'days', '16', 'default'),
            (59, 'sanction_default_months', '24', 'months', '16', 'default'),
            (60, 'inspections_per_half_year', '1', 'count', '10', 'default'),
            (61, 'symposia_per_half_year', '1', 'count', '11', 'default'),
            (62, 'issue_confirm_days', '10', 'days', '11', 'default'),
            (63, 'closure_due_days', '90', 'days', '10', 'default'),
            (64, 'standing_valid_days', '90', 'days', '17', 'default'),
            (65, 'reminder_days', '[-7, -1, 0, 3, 10]', 'days', 'infra', 'default')
         ) AS v(line, key, value, measure, article, origin);
    PERFORM set_config('app.operation', 'policy_adopt', true);
    UPDATE app.policy SET status = 'adopted' WHERE code = '2024';
    PERFORM set_config('app.actor', '', true), set_config('app.operation', '', true);
END
$$;
