-- Version 1: a tailnet, its users and nodes, what is known of their prefixes, and what happened.
-- RowWriter lists the places of a new column.
-- ${tables} is the schema, if one is chosen, and the beginning of every name; ${prefix} is that beginning alone.
-- The checks refuse rows that no tailnet can have. Other rows are refused when they are read: what takes several rows
-- to see, such as two primaries of a prefix; and texts whose form no pattern tells: the JSON of settings, policy and
-- events, control characters in names, the letters of tags and tokens, a month 13, an address or a prefix in another
-- spelling.
-- Each statement ends with a semicolon and an empty line. A version writes itself down when it begins and when it ends.
-- Times are texts of ISO 8601; those that are compared have milliseconds, and so one width. Flags are 0 and 1.
-- Addresses in order are texts of hexadecimal digits: 8, or 32 for IPv6.

-- min_reader and min_writer: the oldest version that a library must know to read these tables, and to write to them.
create table ${tables}schema_version (
    version    integer primary key,
    name       text    not null,
    min_reader integer not null,
    min_writer integer not null,
    begun_at   text    not null default current_timestamp,
    ended_at   text
);

insert into ${tables}schema_version (version, name, min_reader, min_writer) values (1, 'routes', 1, 1);

create table ${tables}tailnet (
    tailnet           text    not null primary key,
    revision          integer not null,
    commit_token      text    not null,
    settings          text    not null,
    policy            text    not null,
    settings_revision integer not null,
    owner             text,
    owner_epoch       integer not null,
    owned_since       text,
    created_at        text    not null,
    updated_at        text    not null,
    constraint ${prefix}tailnet_owner check ((owner is null) = (owned_since is null)
        and owner_epoch >= 0 and (owner is null or owner_epoch > 0)),
    constraint ${prefix}tailnet_revision check (revision > 0),
    constraint ${prefix}tailnet_forms check (commit_token not glob '* *'
        and owned_since glob '*-??-??T??:??:??*Z'),
    constraint ${prefix}tailnet_texts check (tailnet <> '' and commit_token <> '' and settings <> '' and policy <> ''
        and owner <> '' and owned_since <> '')
);

-- The leases of the processes that own tailnets. Times are those of the database.
create table ${tables}replica (
    replica_id   text    not null primary key,
    incarnation  text    not null,
    lease_millis integer not null,
    renewals     integer not null,
    takeovers    integer not null,
    joined_at    text    not null,
    renewed_at   text    not null,
    constraint ${prefix}replica_lease check (lease_millis between 1 and 86400000 and renewals >= 0 and takeovers >= 0),
    constraint ${prefix}replica_forms check (incarnation not glob '* *'
        and joined_at glob '*-??-??T??:??:??*Z'
        and renewed_at glob '*-??-??T??:??:??*Z'),
    constraint ${prefix}replica_texts check (replica_id <> '' and incarnation <> ''
        and joined_at <> '' and renewed_at <> '')
) without rowid;

create table ${tables}users (
    tailnet    text not null references ${prefix}tailnet on delete cascade,
    user_id    text not null,
    name       text not null,
    email      text,
    role       text not null,
    shared_in  integer not null,
    revision   integer not null,
    created_at text not null,
    updated_at text not null,
    primary key (tailnet, user_id),
    constraint ${prefix}users_texts check (user_id <> '' and name <> '' and email <> ''),
    constraint ${prefix}users_role check (role in ('MEMBER', 'ADMIN', 'NETWORK_ADMIN', 'OWNER', 'IT_ADMIN',
        'BILLING_ADMIN', 'AUDITOR')),
    constraint ${prefix}users_flags check (shared_in in (0, 1))
) without rowid;

create table ${tables}node (
    tailnet       text    not null references ${prefix}tailnet on delete cascade,
    node          integer not null,
    host_key      text    not null,
    name          text    not null,
    owner_user    text,
    tags          text,
    ipv4          text,
    ipv6          text,
    registered_at text    not null,
    key_expiry    text,
    ephemeral     integer not null,
    drain_since   text,
    drain_until   text,
    drain_by      text,
    was_candidate integer not null,
    absent_since  text,
    grace_until   text,
    session_holder text,
    session_id    text,
    unhealthy     integer not null,
    steady_since  text,
    revision      integer not null,
    created_at    text    not null,
    updated_at    text    not null,
    primary key (tailnet, node),
    constraint ${prefix}node_number check (node > 0),
    constraint ${prefix}node_owner check ((owner_user is null) <> (tags is null)),
    constraint ${prefix}node_forms check (tags glob 'tag:?*'
        and replace(tags, ',tag:', '') not glob '*,*' and tags not glob '*:,*'
        and tags not glob '*:' and tags not glob '* *'
        and registered_at glob '*-??-??T??:??:??*Z'
        and key_expiry glob '*-??-??T??:??:??*Z'
        and drain_since glob '*-??-??T??:??:??*Z'
        and drain_until glob '*-??-??T??:??:??*Z'
        and absent_since glob '*-??-??T??:??:??*Z'
        and grace_until glob '*-??-??T??:??:??*Z'
        and steady_since glob '*-??-??T??:??:??*Z'),
    constraint ${prefix}node_texts check (host_key <> '' and name <> '' and owner_user <> '' and tags <> ''
        and registered_at <> '' and key_expiry <> '' and drain_since <> '' and drain_until <> '' and drain_by <> ''
        and session_holder <> '' and session_id <> ''
        and absent_since <> '' and grace_until <> '' and steady_since <> ''),
    constraint ${prefix}node_drain check ((drain_since is null) = (drain_by is null)
        and (drain_until is null or drain_since is not null)),
    constraint ${prefix}node_absence check ((grace_until is null or absent_since is not null)
        and (grace_until is null or grace_until >= absent_since)
        and (not was_candidate or absent_since is null or grace_until is not null)),
    constraint ${prefix}node_session check ((session_id is null) = (steady_since is null)
        and (session_id is null or (session_holder is not null and absent_since is null))),
    constraint ${prefix}node_addresses check (ipv4 like '%_.%_.%_._%' and ipv4 not like '%:%'
        and ipv6 like '%:%' and ipv4 not like '%/%' and ipv6 not like '%/%'),
    constraint ${prefix}node_flags check (ephemeral in (0, 1) and was_candidate in (0, 1)
        and unhealthy in (0, 1))
) without rowid;

create table ${tables}route (
    id            integer primary key autoincrement,
    tailnet       text    not null,
    node          integer not null,
    prefix        text    not null,
    family        integer not null,
    first_address text    not null,
    last_address  text    not null,
    advertised    integer not null,
    advertised_at text,
    approved      integer not null,
    approved_by   text,
    approved_at   text,
    denied        integer not null,
    denied_by     text,
    denied_at     text,
    withdrawn     integer not null,
    is_primary    integer not null,
    unhealthy     integer not null,
    steady_since  text,
    revision      integer not null,
    created_at    text    not null,
    updated_at    text    not null,
    deleted_at    text,
    unique (tailnet, node, prefix),
    foreign key (tailnet, node) references ${prefix}node on delete cascade,
    constraint ${prefix}route_advertised check (advertised = (advertised_at is not null)),
    constraint ${prefix}route_decision check (not (approved and withdrawn)
        and not (denied and (approved or withdrawn))),
    constraint ${prefix}route_approval check ((approved or withdrawn) = (approved_by is not null)
        and (approved or withdrawn) = (approved_at is not null)),
    constraint ${prefix}route_denial check (denied = (denied_by is not null) and denied = (denied_at is not null)),
    constraint ${prefix}route_primary check (not is_primary
        or (advertised and approved and prefix not in ('0.0.0.0/0', '::/0'))),
    constraint ${prefix}route_health check (not unhealthy or advertised),
    constraint ${prefix}route_forms check ((approved_by glob 'administrator ?*'
            or approved_by glob 'policy routes ?*/?* ?*' or approved_by glob 'policy exitNode ?*'
            or approved_by glob 'import ?*')
        and prefix glob '?*/?*' and (family = 6) = (prefix glob '*:*')
        and advertised_at glob '*-??-??T??:??:??*Z'
        and approved_at glob '*-??-??T??:??:??*Z'
        and denied_at glob '*-??-??T??:??:??*Z'
        and steady_since glob '*-??-??T??:??:??*Z'
        and deleted_at glob '*-??-??T??:??:??*Z'),
    constraint ${prefix}route_steady check (steady_since is null
        or (advertised and approved and prefix not in ('0.0.0.0/0', '::/0'))),
    constraint ${prefix}route_texts check (prefix <> '' and approved_by <> '' and denied_by <> ''
        and advertised_at <> '' and approved_at <> '' and denied_at <> '' and steady_since <> '' and deleted_at <> ''),
    constraint ${prefix}route_lives check ((deleted_at is null) = (advertised or approved or denied or withdrawn)),
    constraint ${prefix}route_range check (first_address <= last_address
        and ((family = 4 and length(first_address) = 8 and length(last_address) = 8)
            or (family = 6 and length(first_address) = 32 and length(last_address) = 32))),
    constraint ${prefix}route_flags check (advertised in (0, 1) and approved in (0, 1) and denied in (0, 1)
        and withdrawn in (0, 1) and is_primary in (0, 1) and unhealthy in (0, 1))
);

-- What the foreign keys of these tables do only in connections that turn them on.
create trigger ${tables}node_removed after delete on ${prefix}node begin
    delete from ${prefix}route where tailnet = old.tailnet and node = old.node;
end;

-- For the purge. No row of a route that lives is in it.
create index ${tables}route_deleted on ${prefix}route (deleted_at) where deleted_at is not null;

-- The last commits, so that a host detects that the history forked: an older copy of the file was restored.
create table ${tables}commit_log (
    tailnet      text    not null references ${prefix}tailnet on delete cascade,
    revision     integer not null,
    commit_token text    not null,
    committed_at text    not null,
    primary key (tailnet, revision),
    constraint ${prefix}commit_log_forms check (commit_token not glob '* *' and committed_at glob '*-??-??T??:??:??*Z'),
    constraint ${prefix}commit_log_texts check (commit_token <> '' and committed_at <> '')
) without rowid;

-- For what changed since a revision.
create index ${tables}users_revision on ${prefix}users (tailnet, revision);

create index ${tables}node_revision on ${prefix}node (tailnet, revision);

create index ${tables}route_revision on ${prefix}route (tailnet, revision);

-- The keys of deleted rows, as far back as the log goes, so that a process that follows a tailnet deletes them, too.
create table ${tables}deletion (
    tailnet  text    not null references ${prefix}tailnet on delete cascade,
    revision integer not null,
    kind     text    not null,
    row_key  text    not null,
    primary key (tailnet, revision, kind, row_key),
    constraint ${prefix}deletion_kind check (kind in ('user', 'node', 'route')),
    constraint ${prefix}deletion_forms check ((kind <> 'route' or row_key glob '?* ?*/?*')
        and (kind <> 'node' or row_key not glob '* *')),
    constraint ${prefix}deletion_texts check (row_key <> '')
) without rowid;

create table ${tables}event (
    tailnet        text    not null references ${prefix}tailnet on delete cascade,
    revision       integer not null,
    ordinal        integer not null,
    happened_at    text    not null,
    actor          text,
    correlation_id text,
    kind           text    not null,
    node           integer,
    previous_node  integer,
    prefix         text,
    approver       text,
    reason         text    not null,
    event          text    not null,
    primary key (tailnet, revision, ordinal),
    constraint ${prefix}event_forms check ((approver glob 'administrator ?*'
            or approver glob 'policy routes ?*/?* ?*' or approver glob 'policy exitNode ?*'
            or approver glob 'import ?*')
        and prefix glob '?*/?*'
        and happened_at glob '*-??-??T??:??:??*Z'),
    constraint ${prefix}event_texts check (kind <> '' and event <> '' and actor <> '' and approver <> ''
        and prefix <> '' and happened_at <> '')
) without rowid;

-- For the purge.
create index ${tables}event_happened on ${prefix}event (happened_at);

-- For the history of one prefix, and of one node. Each entry has the columns of the primary key, too.
create index ${tables}event_prefix on ${prefix}event (prefix) where prefix is not null;

create index ${tables}event_node on ${prefix}event (node) where node is not null;

create index ${tables}event_previous_node on ${prefix}event (previous_node) where previous_node is not null;

create trigger ${tables}tailnet_removed after delete on ${prefix}tailnet begin
    delete from ${prefix}event where tailnet = old.tailnet;
    delete from ${prefix}commit_log where tailnet = old.tailnet;
    delete from ${prefix}deletion where tailnet = old.tailnet;
    delete from ${prefix}node where tailnet = old.tailnet;
    delete from ${prefix}users where tailnet = old.tailnet;
end;

update ${tables}schema_version set ended_at = current_timestamp where version = 1;
