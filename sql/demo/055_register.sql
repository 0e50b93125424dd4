-- Sixty applications of fifty-seven people, and menus: forty-eight were approved, one of them (6) by a waiver, for his
-- doctorate is an honorary one; of the others two are drafts, three wait for their institution and three for the city,
-- two were returned, one of them twice, one was rejected and one withdrawn. Numbers use a division that does not exist.

CREATE TEMPORARY TABLE demo_person (
    n integer PRIMARY KEY, login text, full_name text, birth_on date, gender text, institution integer, call integer,
    education_code text, degree_code text, doctoral_status text, employment text, title_code text, title_level text,
    eligibility_ground text, discipline text, specialties text[], tech_field text, research_summary text,
    intended_service text
);
INSERT INTO demo_person VALUES
    (1, 'linruochuan', '林若川', '1980-01-01', 'male', 1, 1, '11', '208', 'awarded', 'employed', '011', 'senior', 'title', '机械工程', '{减速器状态监测,故障诊断}', 'advanced_manufacturing', '长期研究重载传动系统的状态监测和故障预警。', '到企业诊断减速器失效，建立监测模型并培训人员。'),
    (2, 'sumingji', '苏明霁', '1982-03-15', 'female', 2, 1, '11', '208', 'awarded', 'employed', 'x-r2', 'associate_senior', 'title', '材料科学与工程', '{洁净钢冶炼,夹杂物控制}', 'new_materials', '从事特殊钢洁净度和夹杂物演变研究。', '诊断精炼渣系，优化软吹制度。'),
    (3, 'baizhiheng', '白知衡', '1991-08-08', 'male', 3, 2, '11', '208', 'awarded', 'employed', 'x-r3', 'intermediate', 'doctorate', '光学工程', '{半导体照明,封装散热}', 'electronic_information', '研究微小型发光器件的封装与热管理。', '优化封装散热结构，建立可靠性试验。'),
    (4, 'xunanqiao', '许南乔', '1978-02-28', 'male', 4, 1, '11', '210', 'awarded', 'employed', '012', 'associate_senior', 'title', '中药学', '{多糖提取,质量标准}', 'biology_medicine', '研究药用植物多糖的提取与表征。', '建立提取工艺和企业内控标准。'),
    (5, 'wenxi', '闻溪', '1996-02-29', 'female', 1, 2, '14', '308', 'enrolled', 'doctoral_student', NULL, 'none', 'doctoral_student', '车辆工程', '{压铸工艺,缺陷检测}', 'new_energy_saving', '博士课题为薄壁壳体压铸缺陷的形成机理。', '到现场采集数据，优化浇排系统。'),
    (6, 'zhengguanlan', '郑观澜', '1970-05-05', 'female', 5, 2, '21', '1', 'none', 'employed', NULL, 'junior', 'doctorate', '农业机械化', '{丘陵农机,收获机械}', 'advanced_manufacturing', '多年从事丘陵山地农机改进。', '改进脱粒清选部件，培训农机手。'),
    (7, 'qinyuan.an', '秦予安', '1986-12-12', 'male', 2, 1, '11', '208', 'awarded', 'employed', 'x-r2', 'associate_senior', 'title', '无机非金属材料', '{耐磨陶瓷,低温烧结}', 'new_materials', '研究氧化铝陶瓷低温烧结助剂。', '筛选烧结助剂，降低燃气成本。'),
    (8, 'fangjiming', '方既明', '1984-04-04', 'male', 6, 1, '11', '208', 'awarded', 'employed', '082', 'associate_senior', 'title', '矿业工程', '{煤层气利用,变压吸附}', 'resources_environment', '研究低浓度瓦斯的提纯与利用。', '设计吸附工艺，进行防爆评估。'),
    (9, 'chenyanqiu', '陈砚秋', '1988-07-07', 'female', 9, 3, '11', '208', 'awarded', 'employed', '083', 'intermediate', 'title', '安全工程', '{瓦斯治理,监测预警}', 'resources_environment', '研究矿井瓦斯监测预警。', '到企业评估监测系统。');

-- What the others are made from, a field each.
CREATE TEMPORARY TABLE demo_field (
    i integer PRIMARY KEY, tech_field text, department text, discipline text, specialties text[], research_summary text,
    intended_service text
);
INSERT INTO demo_field VALUES
    (0, 'advanced_manufacturing', '机械工程学院', '机械工程', '{矿用机械,可靠性}', '研究矿用机械的可靠性设计与试验方法。', '到企业诊断失效原因，改进结构并培训人员。'),
    (1, 'new_materials', '材料科学与工程学院', '材料科学与工程', '{金属材料,热处理}', '研究金属材料组织与性能的控制。', '优化热处理制度，建立检验方法。'),
    (2, 'biology_medicine', '生物与食品学院', '食品科学与工程', '{农产品加工,功能成分}', '研究农产品功能成分的提取与保持。', '优化加工工艺，制定企业标准。'),
    (3, 'new_energy_saving', '能源与动力学院', '动力工程及工程热物理', '{光伏系统,余热利用}', '研究新能源系统的效率与运维。', '到现场测试，提出节能改造方案。'),
    (4, 'resources_environment', '环境与化工学院', '环境科学与工程', '{废水处理,固废利用}', '研究工业废水处理和固体废物资源化。', '取样分析，给出工艺路线和投资估算。'),
    (5, 'electronic_information', '信息工程学院', '控制科学与工程', '{状态监测,工业软件}', '研究工业过程的监测与数据治理。', '建立监测模型，培训开发人员。');

-- Whoever was paired with a demand works in its field.
INSERT INTO demo_person
SELECT w.n, 'tp.' || w.source, pg_temp.demo_name(w.source), pg_temp.demo_birthday(w.source),
       CASE w.source % 2 WHEN 1 THEN 'male' ELSE 'female' END, 1 + w.source % 11,
       CASE WHEN w.n BETWEEN 11 AND 28 OR w.n = 50 THEN 1 WHEN w.n BETWEEN 29 AND 49 OR w.n = 57 THEN 2 ELSE 3 END,
       '11', '208', 'awarded', 'employed', CASE w.source % 2 WHEN 1 THEN '012' ELSE '013' END,
       CASE w.source % 2 WHEN 1 THEN 'associate_senior' ELSE 'intermediate' END, 'title', f.discipline, f.specialties,
       f.tech_field, f.research_summary, f.intended_service
FROM (SELECT n, CASE n WHEN 58 THEN 50 WHEN 59 THEN 13 WHEN 60 THEN 14 ELSE n END AS source
      FROM generate_series(10, 60) n) w
LEFT JOIN demo_pair p ON p.person = w.source AND p.round IN (2, 3) AND (p.round = 2 OR w.source > 16)
LEFT JOIN demo_need d ON d.n = p.need
JOIN demo_field f ON f.tech_field = d.tech_field OR d.n IS NULL AND f.i = w.n % 6;

-- The way each took: day and step. What an office returned comes back; what nobody asked about again is over.
CREATE TEMPORARY TABLE demo_way (way text, days integer, step text, who text, decision text, opinion text);
INSERT INTO demo_way VALUES
    ('draft', 0, 'create', NULL, NULL, NULL),
    ('approved', 0, 'create', NULL, NULL, NULL),
    ('approved', 1, 'submit', NULL, NULL, NULL),
    ('approved', 8, 'consent', 'institution', 'pass', '同意推荐'),
    ('approved', NULL, 'review', 'shi.kj', 'pass', NULL), -- its day depends on the call
    ('institution', 0, 'create', NULL, NULL, NULL),
    ('institution', 1, 'submit', NULL, NULL, NULL),
    ('city', 0, 'create', NULL, NULL, NULL),
    ('city', 1, 'submit', NULL, NULL, NULL),
    ('city', 3, 'consent', 'institution', 'pass', '同意推荐'),
    ('returned', 0, 'create', NULL, NULL, NULL),
    ('returned', 1, 'submit', NULL, NULL, NULL),
    ('returned', 4, 'consent', 'institution', 'return', '请补充近三年承担的项目。'),
    ('returned_again', 0, 'create', NULL, NULL, NULL),
    ('returned_again', 1, 'submit', NULL, NULL, NULL),
    ('returned_again', 2, 'consent', 'institution', 'return', '所在部门填写有误，请更正。'),
    ('returned_again', 3, 'submit', NULL, NULL, NULL),
    ('returned_again', 4, 'consent', 'institution', 'pass', '同意推荐'),
    ('returned_again', 6, 'review', 'shi.kj2', 'return', '职称证明材料不清晰，请重新上传。'),
    ('rejected', 0, 'create', NULL, NULL, NULL),
    ('rejected', 1, 'submit', NULL, NULL, NULL),
    ('rejected', 8, 'consent', 'institution', 'pass', '同意推荐'),
    ('rejected', 60, 'review', 'shi.kj', 'reject', '研究方向与本市重点产业链需求不符，本次不予入库。'),
    ('withdrawn', 0, 'create', NULL, NULL, NULL),
    ('withdrawn', 1, 'submit', NULL, NULL, NULL),
    ('withdrawn', 2, 'withdraw', NULL, NULL, NULL);

-- The first day of an application, and its way.
CREATE TEMPORARY TABLE demo_applying (n integer PRIMARY KEY, began timestamptz, way text);
INSERT INTO demo_applying
SELECT p.n,
       CASE WHEN p.n = 9 THEN timestamptz '2026-10-12 02:09+00'
            WHEN p.n IN (3, 5, 6) THEN timestamptz '2025-11-04 02:00+00' + p.n * interval '1441 minutes'
            WHEN p.n < 9 THEN timestamptz '2024-11-04 02:00+00' + p.n * interval '1441 minutes'
            WHEN p.call = 1 THEN timestamptz '2024-11-05 03:00+00' + p.n * interval '7 minutes'
            WHEN p.call = 2 THEN timestamptz '2025-11-12 03:00+00' + p.n * interval '7 minutes'
            WHEN p.n = 56 THEN '2026-10-10 03:00+00'
            ELSE timestamptz '2026-10-13 03:00+00' + p.n * interval '7 minutes'
       END,
       CASE WHEN p.n IN (10, 60) THEN 'draft' WHEN p.n IN (9, 51, 52) THEN 'institution'
            WHEN p.n IN (53, 54, 58) THEN 'city' WHEN p.n = 55 THEN 'returned' WHEN p.n = 56 THEN 'returned_again'
            WHEN p.n = 57 THEN 'rejected' WHEN p.n = 59 THEN 'withdrawn' ELSE 'approved' END
FROM demo_person p;

INSERT INTO demo_step (at, room, key, step, who, decision, opinion, args)
SELECT a.began + coalesce(w.days, CASE p.call WHEN 1 THEN 34 ELSE 75 END) * interval '1 day', 'application', a.n::text,
       w.step, coalesce(w.who, p.login), w.decision, w.opinion,
       jsonb_build_object('application_id', pg_temp.demo_id('application', a.n::text)) || CASE w.step
           WHEN 'create' THEN NULL
           WHEN 'submit' THEN jsonb_build_object('pledge_version', '2024', 'waiver_request', x.request)
           WHEN 'consent' THEN '{"signatory": "科技处负责人", "post": "科技处处长"}'
           WHEN 'review' THEN jsonb_build_object('waiver', x.waiver)
           ELSE '{}' END
FROM demo_applying a
JOIN demo_person p ON p.n = a.n
JOIN demo_way w ON w.way = a.way
LEFT JOIN (VALUES (6, '名誉博士，从事丘陵农机改进三十年，企业急需，请求放宽。',
                   '{"reason": "产业急需，同意放宽", "decision_no": "长科会纪〔2026〕2号"}'::jsonb))
    AS x(n, request, waiver) ON x.n = a.n
ORDER BY a.n, w.days;

-- One pauses; one was taken over from the list on paper with what was left of his time, and applies anew (58).
INSERT INTO demo_step (at, room, key, step, who, args) VALUES
    ('2026-08-03 02:00+00', 'specialist', '49', 'suspend', 'tp.49',
     jsonb_build_object('specialist_id', pg_temp.demo_specialist(49), 'reason', '出国访学半年'));
INSERT INTO demo_step (at, room, key, step, who, status) VALUES
    ('2026-09-30 16:06+00', 'specialist', '50', 'expire', '-', 'expired');

CREATE TEMPORARY TABLE demo_offer (
    n integer PRIMARY KEY, person integer, title text, description text, deliverables text, task_group text,
    service_forms text[], tech_fields text[], fee_fen bigint
);
INSERT INTO demo_offer VALUES
    (1, 1, '减速器油液与振动联合诊断', '到现场采集振动和油液数据，三周内给出诊断意见。', '诊断报告一份，含检修建议', 'tech_liaison', '{testing,consulting}', '{advanced_manufacturing}', 800000),
    (2, 2, '轴承钢夹杂物系统诊断', '取样分析夹杂物类型和来源，给出渣系建议。', '诊断报告和渣系方案', 'tech_liaison', '{testing,consulting}', '{new_materials}', 1000000),
    (3, 3, '发光器件封装热设计', '热仿真与样品测试，给出基板和胶材方案。', '热设计报告、样品数据', 'rd_transfer', '{rd,testing}', '{electronic_information}', 1200000),
    (4, 4, '中药多糖含量检测方法培训', '为检验人员培训多糖含量测定方法。', '培训材料和操作规程', 'talent_training', '{training}', '{biology_medicine}', 300000);

INSERT INTO demo_step (at, room, key, step, who, status, decision, opinion) VALUES
    ('2025-01-10 02:00+00', 'service_offer', '1', 'create', 'linruochuan', 'published', NULL, NULL),
    ('2025-01-12 02:00+00', 'service_offer', '2', 'create', 'sumingji', 'published', NULL, NULL),
    ('2026-02-10 02:00+00', 'service_offer', '3', 'create', 'baizhiheng', 'published', NULL, NULL),
    ('2025-01-14 02:00+00', 'service_offer', '4', 'create', 'xunanqiao', 'published', NULL, NULL);
