-- Shaped like releases up to 0.12: namespaces, one address, a registered flag, lists on the machine.
CREATE TABLE namespaces (id integer PRIMARY KEY, created_at timestamptz, deleted_at timestamptz, name text);
CREATE TABLE pre_auth_keys (id integer PRIMARY KEY, namespace_id integer, ephemeral numeric);
CREATE TABLE machines (id integer PRIMARY KEY, machine_key text, ip_address text, name text, namespace_id integer,
    registered numeric, auth_key_id integer, expiry timestamptz, host_info text, enabled_routes text,
    created_at timestamptz, deleted_at timestamptz);
INSERT INTO namespaces VALUES (1, '2022-01-01 10:00:00+00:00', NULL, 'ops');
INSERT INTO namespaces VALUES (2, '2022-01-02 10:00:00+00:00', NULL, 'büro');
INSERT INTO namespaces VALUES (3, '2022-01-03 10:00:00+00:00', '2022-02-03 10:00:00+00:00', 'gone');
INSERT INTO pre_auth_keys VALUES (1, 1, 1);
INSERT INTO pre_auth_keys VALUES (2, 1, 0);
INSERT INTO machines VALUES (1, 'aa00000000000000000000000000000000000000000000000000000000000001', '100.64.0.1',
    'routeur-é', 1, 1, 2, NULL,
    '{"OS":"linux","Nested":{"RoutableIPs":["203.0.113.0/24"]},"RoutableIPs":["10.1.0.0/16","192.168.7.0/24"]}',
    '["10.1.0.0/16"]', '2022-03-04 08:27:19.123456789+01:00', NULL);
INSERT INTO machines VALUES (2, 'aa00000000000000000000000000000000000000000000000000000000000002', '100.64.0.2',
    'laptop', 2, 1, 1, '0001-01-01 00:00:00+00:00', 'null', 'null', '2022-03-04 08:27:19+00:00', NULL);
INSERT INTO machines VALUES (3, 'aa00000000000000000000000000000000000000000000000000000000000003', '100.64.0.3',
    'blob', 2, 1, NULL, '2022-12-24 18:00:00+00:00', '', '["0.0.0.0/0"]', '2022-03-04 08:27:19+00:00', NULL);
INSERT INTO machines VALUES (4, 'aa00000000000000000000000000000000000000000000000000000000000004', '100.64.0.4',
    'twice', 1, 1, NULL, NULL, '{"RoutableIPs":["172.20.0.0/14","172.20.0.0/14"]}',
    '["172.20.0.0/14","172.20.0.0/14"]', '2022-03-04 08:27:19+00:00', NULL);
INSERT INTO machines VALUES (5, 'aa00000000000000000000000000000000000000000000000000000000000005', '100.64.0.5',
    'unregistered', 1, 0, NULL, NULL, '{"RoutableIPs":["10.9.0.0/16"]}', '["10.9.0.0/16"]',
    '2022-03-04 08:27:19+00:00', NULL);
INSERT INTO machines VALUES (6, 'aa00000000000000000000000000000000000000000000000000000000000006', '100.64.0.6',
    'deleted', 1, 1, NULL, NULL, '{}', '["10.8.0.0/16"]', '2022-03-04 08:27:19+00:00', '2022-04-04 08:27:19+00:00');
INSERT INTO machines VALUES (7, 'aa00000000000000000000000000000000000000000000000000000000000007', '100.64.0.7',
    'of-a-deleted-namespace', 3, 1, NULL, NULL, '{"fake":"data"}', '[]', '2022-03-04 08:27:19+00:00', NULL);
INSERT INTO machines VALUES (8, 'aa00000000000000000000000000000000000000000000000000000000000008', '100.64.0.8',
    'of-nobody', NULL, 1, NULL, NULL, NULL, '', '2022-03-04 08:27:19+00:00', NULL);
