-- Nine applications and their menus: eight people who were approved, one of them (6) by a waiver, for his doctorate is an
-- honorary one; the ninth waits for his institution. Numbers use a division that does not exist.

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
    ('2024-11-05 02:01+00', 'application', '1', 'create', 'linruochuan', 'draft', NULL, NULL),
    ('2024-11-06 02:01+00', 'application', '1', 'submit', 'linruochuan', 'institution_review', NULL, NULL),
    ('2024-11-13 02:01+00', 'application', '1', 'consent', 'institution', 'city_review', 'pass', '同意推荐'),
    ('2024-12-09 02:01+00', 'application', '1', 'review', 'shi.kj', 'approved', 'pass', NULL),
    ('2024-11-06 02:02+00', 'application', '2', 'create', 'sumingji', 'draft', NULL, NULL),
    ('2024-11-07 02:02+00', 'application', '2', 'submit', 'sumingji', 'institution_review', NULL, NULL),
    ('2024-11-14 02:02+00', 'application', '2', 'consent', 'institution', 'city_review', 'pass', '同意推荐'),
    ('2024-12-10 02:02+00', 'application', '2', 'review', 'shi.kj', 'approved', 'pass', NULL),
    ('2025-11-07 02:03+00', 'application', '3', 'create', 'baizhiheng', 'draft', NULL, NULL),
    ('2025-11-08 02:03+00', 'application', '3', 'submit', 'baizhiheng', 'institution_review', NULL, NULL),
    ('2025-11-15 02:03+00', 'application', '3', 'consent', 'institution', 'city_review', 'pass', '同意推荐'),
    ('2026-01-21 02:03+00', 'application', '3', 'review', 'shi.kj', 'approved', 'pass', NULL),
    ('2024-11-08 02:04+00', 'application', '4', 'create', 'xunanqiao', 'draft', NULL, NULL),
    ('2024-11-09 02:04+00', 'application', '4', 'submit', 'xunanqiao', 'institution_review', NULL, NULL),
    ('2024-11-16 02:04+00', 'application', '4', 'consent', 'institution', 'city_review', 'pass', '同意推荐'),
    ('2024-12-12 02:04+00', 'application', '4', 'review', 'shi.kj', 'approved', 'pass', NULL),
    ('2025-11-09 02:05+00', 'application', '5', 'create', 'wenxi', 'draft', NULL, NULL),
    ('2025-11-10 02:05+00', 'application', '5', 'submit', 'wenxi', 'institution_review', NULL, NULL),
    ('2025-11-17 02:05+00', 'application', '5', 'consent', 'institution', 'city_review', 'pass', '同意推荐'),
    ('2026-01-23 02:05+00', 'application', '5', 'review', 'shi.kj', 'approved', 'pass', NULL),
    ('2025-11-10 02:06+00', 'application', '6', 'create', 'zhengguanlan', 'draft', NULL, NULL),
    ('2025-11-11 02:06+00', 'application', '6', 'submit', 'zhengguanlan', 'institution_review', NULL, NULL),
    ('2025-11-18 02:06+00', 'application', '6', 'consent', 'institution', 'city_review', 'pass', '同意推荐'),
    ('2026-01-24 02:06+00', 'application', '6', 'review', 'shi.kj', 'approved', 'pass', '产业急需，同意放宽'),
    ('2024-11-11 02:07+00', 'application', '7', 'create', 'qinyuan.an', 'draft', NULL, NULL),
    ('2024-11-12 02:07+00', 'application', '7', 'submit', 'qinyuan.an', 'institution_review', NULL, NULL),
    ('2024-11-19 02:07+00', 'application', '7', 'consent', 'institution', 'city_review', 'pass', '同意推荐'),
    ('2024-12-15 02:07+00', 'application', '7', 'review', 'shi.kj', 'approved', 'pass', NULL),
    ('2024-11-12 02:08+00', 'application', '8', 'create', 'fangjiming', 'draft', NULL, NULL),
    ('2024-11-13 02:08+00', 'application', '8', 'submit', 'fangjiming', 'institution_review', NULL, NULL),
    ('2024-11-20 02:08+00', 'application', '8', 'consent', 'institution', 'city_review', 'pass', '同意推荐'),
    ('2024-12-16 02:08+00', 'application', '8', 'review', 'shi.kj', 'approved', 'pass', NULL),
    ('2026-10-12 02:09+00', 'application', '9', 'create', 'chenyanqiu', 'draft', NULL, NULL),
    ('2026-10-13 02:09+00', 'application', '9', 'submit', 'chenyanqiu', 'institution_review', NULL, NULL),
    ('2025-01-10 02:00+00', 'service_offer', '1', 'create', 'linruochuan', 'published', NULL, NULL),
    ('2025-01-12 02:00+00', 'service_offer', '2', 'create', 'sumingji', 'published', NULL, NULL),
    ('2026-02-10 02:00+00', 'service_offer', '3', 'create', 'baizhiheng', 'published', NULL, NULL),
    ('2025-01-14 02:00+00', 'service_offer', '4', 'create', 'xunanqiao', 'published', NULL, NULL);
