-- Twelve institutions, one of them (12) named by an applicant and not yet confirmed. Credit codes use a division that does
-- not exist.

CREATE TEMPORARY TABLE demo_institution (
    n integer PRIMARY KEY, uscc text, name text, kind text, province_code text, address text, contact_name text,
    contact_email text, contact_phone text
);
INSERT INTO demo_institution VALUES
    (1, '12149999DM0000013L', '晋原理工大学', 'university', '140000', '山西省太原市学府街1号', '丁科长', 'kjc01@example.org', '0355-6000001'),
    (2, '12149999DM0000021F', '太行新材料研究院', 'research_institute', '140000', '山西省长治市太行北路2号', '马处长', 'kjc02@example.org', '0355-6000002'),
    (3, '12149999DM000003X7', '中原光电研究所', 'research_institute', '410000', '河南省郑州市光电路3号', '卞主任', 'kjc03@example.org', '0355-6000003'),
    (4, '12149999DM00000487', '北岭医药大学', 'university', '110000', '北京市昌平区北岭路4号', '尹处长', 'kjc04@example.org', '0355-6000004'),
    (5, '12149999DM00000562', '河汾科技大学', 'university', '140000', '山西省临汾市汾河路5号', '石科长', 'kjc05@example.org', '0355-6000005'),
    (6, '12149999DM0000064W', '云岫能源研究院', 'research_institute', '140000', '山西省太原市云岫街6号', '田处长', 'kjc06@example.org', '0355-6000006'),
    (7, '12149999DM00000070', '漳源农业科学院', 'research_institute', '140000', '山西省长治市漳源路7号', '白主任', 'kjc07@example.org', '0355-6000007'),
    (8, '12149999DM00000083', '沁水清洁能源创新研究院', 'new_rd_institute', '140000', '山西省晋城市沁水路8号', '毕经理', 'kjc08@example.org', '0355-6000008'),
    (9, '12149999DM00000096', '雁北煤炭科学研究所', 'research_institute', '140000', '山西省大同市雁北街9号', '闫主任', 'kjc09@example.org', '0355-6000009'),
    (10, '12149999DM0000010B', '汾东机械工程研究院', 'research_institute', '140000', '山西省晋中市汾东大道10号', '安处长', 'kjc10@example.org', '0355-6000010'),
    (11, '12149999DM0000011E', '渤湾大学', 'university', '120000', '天津市滨海新区渤湾路11号', '贺科长', 'kjc11@example.org', '0355-6000011'),
    (12, '12149999DM0000012H', '长川数字技术研究院', 'new_rd_institute', '510000', '四川省成都市长川路12号', '龙经理', NULL, '0355-6000012');

INSERT INTO demo_step (at, room, key, step, who, status, decision, opinion) VALUES
    ('2024-09-20 01:04+00', 'institution', '1', 'create', 'shi.kj', 'active', NULL, NULL),
    ('2024-09-20 01:08+00', 'institution', '2', 'create', 'shi.kj', 'active', NULL, NULL),
    ('2024-09-20 01:12+00', 'institution', '3', 'create', 'shi.kj', 'active', NULL, NULL),
    ('2024-09-20 01:16+00', 'institution', '4', 'create', 'shi.kj', 'active', NULL, NULL),
    ('2024-09-20 01:20+00', 'institution', '5', 'create', 'shi.kj', 'active', NULL, NULL),
    ('2024-09-21 01:24+00', 'institution', '6', 'create', 'shi.kj', 'active', NULL, NULL),
    ('2024-09-21 01:28+00', 'institution', '7', 'create', 'shi.kj', 'active', NULL, NULL),
    ('2024-09-21 01:32+00', 'institution', '8', 'create', 'shi.kj', 'active', NULL, NULL),
    ('2024-09-21 01:36+00', 'institution', '9', 'create', 'shi.kj', 'active', NULL, NULL),
    ('2024-09-21 01:40+00', 'institution', '10', 'create', 'shi.kj', 'active', NULL, NULL),
    ('2024-09-21 01:44+00', 'institution', '11', 'create', 'shi.kj', 'active', NULL, NULL),
    ('2026-10-16 08:30+00', 'institution', '12', 'create', 'shenmobai', 'proposed', NULL, NULL);
