-- Shaped like releases from 0.29 on, with the policy in the database: each change of it is a row, the newest one holds.
CREATE TABLE users (id integer PRIMARY KEY, created_at timestamptz, updated_at timestamptz, deleted_at timestamptz,
    name text, display_name text, email text, provider_identifier text);
CREATE TABLE nodes (id integer PRIMARY KEY, machine_key text, hostname text, given_name text, user_id integer,
    tags text, auth_key_id integer, expiry timestamptz, host_info text, ipv4 text, ipv6 text, approved_routes text,
    created_at timestamptz, deleted_at timestamptz);
CREATE TABLE policies (id integer PRIMARY KEY, created_at timestamptz, updated_at timestamptz, deleted_at timestamptz,
    data text);
INSERT INTO users VALUES (1, '2026-01-01 10:00:00+00:00', NULL, NULL, 'ann', '', '', NULL);
INSERT INTO users VALUES (2, '2026-01-02 10:00:00+00:00', NULL, NULL, 'ben@example.com', '', '', NULL);
INSERT INTO nodes VALUES (1, 'mkey:d1', 'gate', 'gate', NULL, '["tag:gate"]', NULL, NULL,
    '{"RoutableIPs":["10.20.1.0/24","10.20.2.0/24","192.168.9.0/24"]}', '100.64.0.1', 'fd7a:115c:a1e0::1',
    '["10.20.1.0/24","192.168.9.0/24"]', '2026-01-03 10:00:00+00:00', NULL);
INSERT INTO nodes VALUES (2, 'mkey:d2', 'pc', 'pc', 1, NULL, NULL, NULL, '{}', '100.64.0.2', 'fd7a:115c:a1e0::2',
    NULL, '2026-01-04 10:00:00+00:00', NULL);
INSERT INTO nodes VALUES (10, 'mkey:d10', 'pad', 'pad', 2, NULL, NULL, NULL, '{}', '100.64.0.10', 'fd7a:115c:a1e0::a',
    NULL, '2026-01-05 10:00:00+00:00', NULL);
INSERT INTO policies VALUES (9, '2026-02-01 10:00:00+00:00', '2026-02-01 10:00:00+00:00', NULL, '{"acls": []}');
INSERT INTO policies VALUES (10, '2026-02-02 10:00:00+00:00', '2026-02-02 11:00:00+00:00', NULL, '// who goes where
{"tagOwners": {"tag:gate": ["ann@"]},
 "autoApprovers": {"routes": {"10.20.0.0/16": ["tag:gate"]}},
 "acls": [{"action": "accept", "src": ["ann@"], "dst": ["10.20.1.0/24:443"]},
          {"action": "accept", "src": ["ben@example.com"], "dst": ["192.168.9.0/24:*"]}]}');
INSERT INTO policies VALUES (11, '2026-02-03 10:00:00+00:00', '2026-02-03 10:00:00+00:00',
    '2026-02-03 12:00:00+00:00', '{}');
