-- Shaped like releases from 0.28 on: tags, tagged nodes without a user, users of an identity provider, lists on the
-- node.
CREATE TABLE users (id integer PRIMARY KEY, created_at timestamptz, updated_at timestamptz, deleted_at timestamptz,
    name text, display_name text, email text, provider_identifier text);
CREATE TABLE nodes (id integer PRIMARY KEY, machine_key text, hostname text, given_name text, user_id integer,
    tags text, auth_key_id integer, expiry timestamptz, host_info text, ipv4 text, ipv6 text, approved_routes text,
    created_at timestamptz, deleted_at timestamptz);
INSERT INTO users VALUES (1, '2025-01-01 10:00:00+00:00', NULL, NULL, 'ada', 'Ada', 'ada@example.com', NULL);
INSERT INTO users VALUES (2, '2025-01-02 10:00:00+00:00', NULL, NULL, '', 'Bob B.', 'bob@example.com',
    'https://idp.example.com/2');
INSERT INTO users VALUES (3, '2025-01-03 10:00:00+00:00', NULL, NULL, '李雷', '', '', NULL);
INSERT INTO nodes VALUES (1, 'mkey:cc01', 'r1', 'router-1', 1, '[]', NULL, NULL,
    '{"RoutableIPs":["10.0.0.0/8","0.0.0.0/0","::/0"],"RequestTags":["tag:wished"]}', '100.64.0.1',
    'fd7a:115c:a1e0::1', '["10.0.0.0/8","192.168.0.0/16"]', '2025-01-03 10:00:00+00:00', NULL);
INSERT INTO nodes VALUES (2, 'mkey:cc02', 'r2', 'router-2', NULL, '["tag:router"]', NULL, NULL,
    '{"RoutableIPs":["10.0.0.0/8"]}', '100.64.0.2', 'fd7a:115c:a1e0::2', '["::/0","10.0.0.0/8","0.0.0.0/0"]',
    '2025-01-04 10:00:00+00:00', NULL);
INSERT INTO nodes VALUES (3, 'mkey:cc03', 'r3', '', 2, 'null', NULL, NULL, '{"RoutableIPs":', '100.64.0.3', NULL,
    '["::/0", 17, "10.7.7.7/24", "x"]', '2025-01-05 10:00:00+00:00', NULL);
INSERT INTO nodes VALUES (4, 'mkey:cc04', 'r4', 'router-4', 3, NULL, NULL, NULL, '{"RoutableIPs":null}',
    '100.64.0.400', 'fd7a:115c:a1e0::4', '{"a":1}', '2025-01-06 10:00:00+00:00', NULL);
INSERT INTO nodes VALUES (5, 'mkey:cc05', 'r5', 'router-5', 3, '["router","tag:"]', NULL, NULL, '{}', NULL, NULL,
    NULL, '2025-01-06 10:00:00+00:00', NULL);
INSERT INTO nodes VALUES (6, '', '', '', 77, '', NULL, NULL, '{}', NULL, NULL, '', NULL, NULL);
INSERT INTO nodes VALUES (-1, 'mkey:cc07', 'r7', 'r7', 1, '', NULL, NULL, '{}', NULL, NULL, '["10.1.0.0/16"]',
    '2025-01-06 10:00:00+00:00', NULL);
