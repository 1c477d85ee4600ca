-- Shaped like releases 0.18 to 0.22: users, machines, forced tags, several addresses, rows of routes by machine_id.
CREATE TABLE users (id integer PRIMARY KEY, created_at timestamptz, deleted_at timestamptz, name text);
CREATE TABLE machines (id integer PRIMARY KEY, machine_key text, ip_addresses text, hostname text, given_name text,
    user_id integer, forced_tags text, auth_key_id integer, expiry timestamptz, host_info text,
    created_at timestamptz, deleted_at timestamptz);
CREATE TABLE routes (id integer PRIMARY KEY, created_at timestamptz, deleted_at timestamptz, machine_id integer,
    prefix text, advertised numeric, enabled numeric, is_primary numeric);
INSERT INTO users VALUES (1, '2023-01-01 10:00:00+00:00', NULL, 'ada');
INSERT INTO users VALUES (2, '2023-01-02 10:00:00+00:00', NULL, 'bob');
INSERT INTO machines VALUES (1, 'bb00000000000000000000000000000000000000000000000000000000000001',
    '100.64.0.1,fd7a:115c:a1e0::1', 'r1', 'router-1', 1, 'null', NULL, NULL, '{}', '2023-01-03 10:00:00+00:00', NULL);
INSERT INTO machines VALUES (2, 'bb00000000000000000000000000000000000000000000000000000000000002',
    'fd7a:115c:a1e0::2,100.64.0.2', 'r2', 'router-2', 1, '["tag:router","tag:berlin"]', NULL, NULL,
    '{"RoutableIPs":["10.0.0.0/8","fd00::/8"],"RequestTags":["tag:router","tag:wished"]}',
    '2023-01-04 10:00:00+00:00', NULL);
INSERT INTO machines VALUES (3, 'bb00000000000000000000000000000000000000000000000000000000000001', '100.64.0.3',
    'r1', 'router-1-of-bob', 2, '[]', NULL, NULL, '{}', '2023-01-05 10:00:00+00:00', NULL);
INSERT INTO routes VALUES (1, '2023-02-01 10:00:00+00:00', NULL, 1, '10.0.0.0/8', 1, 1, 0);
INSERT INTO routes VALUES (2, '2023-02-01 10:00:00+00:00', NULL, 2, '10.0.0.0/8', 1, 1, 1);
INSERT INTO routes VALUES (3, '2023-02-01 10:00:00+00:00', NULL, 1, '192.168.1.0/24', 1, 0, 0);
INSERT INTO routes VALUES (4, '2023-02-01 10:00:00+00:00', NULL, 1, '192.168.1.0/24', 1, 1, 1);
INSERT INTO routes VALUES (5, '2023-02-01 10:00:00+00:00', NULL, 3, '192.168.1.0/24', 1, 1, 1);
INSERT INTO routes VALUES (6, '2023-02-01 10:00:00+00:00', NULL, 2, '::/0', 1, 1, 1);
INSERT INTO routes VALUES (7, '2023-02-01 10:00:00+00:00', NULL, 99, '10.99.0.0/16', 1, 1, 1);
INSERT INTO routes VALUES (8, '2023-02-01 10:00:00+00:00', NULL, NULL, '10.98.0.0/16', 1, 1, 0);
INSERT INTO routes VALUES (9, '2023-02-01 10:00:00+00:00', '2023-03-01 10:00:00+00:00', 3, '10.97.0.0/16', 1, 1, 1);
INSERT INTO routes VALUES (10, '2023-02-01 10:00:00+00:00', NULL, 3, '10.5.6.7/16', 1, 1, 0);
INSERT INTO routes VALUES (11, '2023-02-01 10:00:00+00:00', NULL, 3, '10.5.0.0/16', 1, 0, 0);
INSERT INTO routes VALUES (12, '2023-02-01 10:00:00+00:00', NULL, 3, '10.0.0.1/0', 1, 1, 0);
INSERT INTO routes VALUES (13, '2023-02-01 10:00:00+00:00', NULL, 3, 'nonsense', 1, 1, 0);
INSERT INTO routes VALUES (14, '2023-02-01 10:00:00+00:00', NULL, 3, '', 1, 1, 0);
INSERT INTO routes VALUES (15, '2023-02-01 10:00:00+00:00', NULL, 3, '172.16.0.0/12', 0, 1, 1);
INSERT INTO routes VALUES (16, '2023-02-01 10:00:00+00:00', NULL, 3, '172.20.0.0/16', NULL, NULL, NULL);
