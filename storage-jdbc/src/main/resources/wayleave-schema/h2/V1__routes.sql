-- Version 1: a tailnet, its users and nodes, what is known of their prefixes, and what happened.
-- RowWriter lists the places of a new column.
-- ${tables} is the schema, if one is chosen, and the beginning of every name; ${prefix} is that beginning alone.
-- The checks refuse rows that no tailnet can have. Other rows are refused when they are read: what takes several rows
-- to see, such as two primaries of a prefix; and texts whose form no pattern tells: the JSON of settings, policy and
-- events, control characters in names, the letters of tags and tokens, a month 13, an address or a prefix in another
-- spelling.
-- Each statement ends with a semicolon and an empty line. A version writes itself down when it begins and when it ends.
-- Addresses in order are texts of hexadecimal digits: 8, or 32 for IPv6.

-- min_reader and min_writer: the oldest version that a library must know to read these tables, and to write to them.
create table ${tables}schema_version (
    version    integer      primary key,
    name       varchar(200) not null,
    min_reader integer      not null,
    min_writer integer      not null,
    begun_at   timestamp with time zone not null default current_timestamp,
    ended_at   timestamp with time zone
);

insert into ${tables}schema_version (version, name, min_reader, min_writer) values (1, 'routes', 1, 1);

create table ${tables}tailnet (
    tailnet           varchar(200) primary key,
    revision          bigint       not null,
    commit_token      varchar(64)  not null,
    settings          character large object not null,
    policy            character large object not null,
    settings_revision bigint       not null,
    owner             varchar(200),
    owner_epoch       bigint       not null,
    owned_since       timestamp(9) with time zone,
    created_at        timestamp(9) with time zone not null,
    updated_at        timestamp(9) with time zone not null,
    constraint ${prefix}tailnet_owner check ((owner is null) = (owned_since is null)
        and owner_epoch >= 0 and (owner is null or owner_epoch > 0)),
    constraint ${prefix}tailnet_revision check (revision > 0),
    constraint ${prefix}tailnet_forms check (commit_token not like '% %'),
    constraint ${prefix}tailnet_texts check (tailnet <> '' and commit_token <> '' and owner <> ''
        and char_length(settings) > 0 and char_length(policy) > 0)
);

-- The leases of the processes that own tailnets. Times are those of the database.
create table ${tables}replica (
    replica_id   varchar(200) primary key,
    incarnation  varchar(64) not null,
    lease_millis bigint      not null,
    renewals     bigint      not null,
    takeovers    bigint      not null,
    joined_at    timestamp(9) with time zone not null,
    renewed_at   timestamp(9) with time zone not null,
    constraint ${prefix}replica_lease check (lease_millis between 1 and 86400000 and renewals >= 0 and takeovers >= 0),
    constraint ${prefix}replica_forms check (incarnation not like '% %'),
    constraint ${prefix}replica_texts check (replica_id <> '' and incarnation <> '')
);

create table ${tables}users (
    tailnet    varchar(200) not null references ${tables}tailnet on delete cascade,
    user_id    varchar(200) not null,
    name       varchar(255) not null,
    email      varchar(255),
    role       varchar(20)  not null,
    shared_in  boolean      not null,
    revision   bigint       not null,
    created_at timestamp(9) with time zone not null,
    updated_at timestamp(9) with time zone not null,
    primary key (tailnet, user_id),
    constraint ${prefix}users_texts check (user_id <> '' and name <> '' and email <> ''),
    constraint ${prefix}users_role check (role in ('MEMBER', 'ADMIN', 'NETWORK_ADMIN', 'OWNER', 'IT_ADMIN',
        'BILLING_ADMIN', 'AUDITOR'))
);

create table ${tables}node (
    tailnet       varchar(200) not null references ${tables}tailnet on delete cascade,
    node          bigint       not null,
    host_key      varchar(200) not null,
    name          varchar(255) not null,
    owner_user    varchar(200),
    tags          varchar,
    ipv4          varchar(15),
    ipv6          varchar(45),
    registered_at varchar(40)  not null,
    key_expiry    varchar(40),
    ephemeral     boolean      not null,
    drain_since   varchar(40),
    drain_until   varchar(40),
    drain_by      varchar(200),
    was_candidate boolean      not null,
    absent_since  timestamp(9) with time zone,
    grace_until   timestamp(9) with time zone,
    session_holder varchar(200),
    session_id    varchar(200),
    unhealthy     boolean      not null,
    steady_since  timestamp(9) with time zone,
    revision      bigint       not null,
    created_at    timestamp(9) with time zone not null,
    updated_at    timestamp(9) with time zone not null,
    primary key (tailnet, node),
    constraint ${prefix}node_number check (node > 0),
    constraint ${prefix}node_owner check ((owner_user is null) <> (tags is null)),
    constraint ${prefix}node_forms check (tags like 'tag:_%'
        and replace(tags, ',tag:', '') not like '%,%' and tags not like '%:,%'
        and tags not like '%:' and tags not like '% %'
        and registered_at like '%-__-__T__:__:__%Z'
        and key_expiry like '%-__-__T__:__:__%Z'
        and drain_since like '%-__-__T__:__:__%Z'
        and drain_until like '%-__-__T__:__:__%Z'),
    constraint ${prefix}node_texts check (host_key <> '' and name <> '' and owner_user <> '' and tags <> ''
        and registered_at <> '' and key_expiry <> '' and drain_since <> '' and drain_until <> '' and drain_by <> ''
        and session_holder <> '' and session_id <> ''),
    constraint ${prefix}node_drain check ((drain_since is null) = (drain_by is null)
        and (drain_until is null or drain_since is not null)),
    constraint ${prefix}node_absence check ((grace_until is null or absent_since is not null)
        and (grace_until is null or grace_until >= absent_since)
        and (not was_candidate or absent_since is null or grace_until is not null)),
    constraint ${prefix}node_session check ((session_id is null) = (steady_since is null)
        and (session_id is null or (session_holder is not null and absent_since is null))),
    constraint ${prefix}node_addresses check (ipv4 like '%_.%_.%_._%' and ipv4 not like '%:%'
        and ipv6 like '%:%' and ipv4 not like '%/%' and ipv6 not like '%/%')
);

create table ${tables}route (
    id            bigint       generated always as identity primary key,
    tailnet       varchar(200) not null,
    node          bigint       not null,
    prefix        varchar(49)  not null,
    family        smallint     not null,
    first_address varchar(32)  not null,
    last_address  varchar(32)  not null,
    advertised    boolean      not null,
    advertised_at timestamp(9) with time zone,
    approved      boolean      not null,
    approved_by   varchar(600),
    approved_at   timestamp(9) with time zone,
    denied        boolean      not null,
    denied_by     varchar(200),
    denied_at     timestamp(9) with time zone,
    withdrawn     boolean      not null,
    is_primary    boolean      not null,
    unhealthy     boolean      not null,
    steady_since  timestamp(9) with time zone,
    revision      bigint       not null,
    created_at    timestamp(9) with time zone not null,
    updated_at    timestamp(9) with time zone not null,
    deleted_at    timestamp(9) with time zone,
    unique (tailnet, node, prefix),
    foreign key (tailnet, node) references ${tables}node on delete cascade,
    constraint ${prefix}route_advertised check (advertised = (advertised_at is not null)),
    constraint ${prefix}route_decision check (not (approved and withdrawn)
        and not (denied and (approved or withdrawn))),
    constraint ${prefix}route_approval check ((approved or withdrawn) = (approved_by is not null)
        and (approved or withdrawn) = (approved_at is not null)),
    constraint ${prefix}route_denial check (denied = (denied_by is not null) and denied = (denied_at is not null)),
    constraint ${prefix}route_primary check (not is_primary
        or (advertised and approved and prefix not in ('0.0.0.0/0', '::/0'))),
    constraint ${prefix}route_health check (not unhealthy or advertised),
    constraint ${prefix}route_forms check ((approved_by like 'administrator _%'
            or approved_by like 'policy routes _%/_% _%' or approved_by like 'policy exitNode _%'
            or approved_by like 'import _%')
        and prefix like '_%/_%' and (family = 6) = (prefix like '%:%')),
    constraint ${prefix}route_steady check (steady_since is null
        or (advertised and approved and prefix not in ('0.0.0.0/0', '::/0'))),
    constraint ${prefix}route_texts check (prefix <> '' and approved_by <> '' and denied_by <> ''),
    constraint ${prefix}route_lives check ((deleted_at is null) = (advertised or approved or denied or withdrawn)),
    constraint ${prefix}route_range check (first_address <= last_address
        and ((family = 4 and length(first_address) = 8 and length(last_address) = 8)
            or (family = 6 and length(first_address) = 32 and length(last_address) = 32)))
);

-- The last commits, so that a host detects that the history forked: an older copy of the file was restored.
create table ${tables}commit_log (
    tailnet      varchar(200) not null references ${tables}tailnet on delete cascade,
    revision     bigint       not null,
    commit_token varchar(64)  not null,
    committed_at timestamp(9) with time zone not null,
    primary key (tailnet, revision),
    constraint ${prefix}commit_log_forms check (commit_token not like '% %'),
    constraint ${prefix}commit_log_texts check (commit_token <> '')
);

-- For what changed since a revision.
create index ${tables}users_revision on ${tables}users (tailnet, revision);

create index ${tables}node_revision on ${tables}node (tailnet, revision);

create index ${tables}route_revision on ${tables}route (tailnet, revision);

-- The keys of deleted rows, as far back as the log goes, so that a process that follows a tailnet deletes them, too.
create table ${tables}deletion (
    tailnet  varchar(200) not null references ${tables}tailnet on delete cascade,
    revision bigint       not null,
    kind     varchar(10)  not null,
    row_key  varchar(300) not null,
    primary key (tailnet, revision, kind, row_key),
    constraint ${prefix}deletion_kind check (kind in ('user', 'node', 'route')),
    constraint ${prefix}deletion_forms check ((kind <> 'route' or row_key like '_% _%/_%')
        and (kind <> 'node' or row_key not like '% %')),
    constraint ${prefix}deletion_texts check (row_key <> '')
);

create table ${tables}event (
    tailnet        varchar(200) not null references ${tables}tailnet on delete cascade,
    revision       bigint       not null,
    ordinal        integer      not null,
    happened_at    timestamp(9) with time zone not null,
    actor          varchar(200),
    correlation_id varchar(200),
    kind           varchar(50)  not null,
    node           bigint,
    previous_node  bigint,
    prefix         varchar(49),
    approver       varchar(600),
    reason         varchar      not null,
    event          varchar      not null,
    primary key (tailnet, revision, ordinal),
    constraint ${prefix}event_forms check ((approver like 'administrator _%'
            or approver like 'policy routes _%/_% _%' or approver like 'policy exitNode _%'
            or approver like 'import _%')
        and prefix like '_%/_%'),
    constraint ${prefix}event_texts check (kind <> '' and event <> '' and actor <> '' and approver <> ''
        and prefix <> '')
);

-- For the purge.
create index ${tables}route_deleted on ${tables}route (deleted_at);

create index ${tables}event_happened on ${tables}event (happened_at);

-- For the history of one prefix, and of one node.
create index ${tables}event_prefix on ${tables}event (tailnet, prefix, revision, ordinal);

create index ${tables}event_node on ${tables}event (tailnet, node, revision, ordinal);

create index ${tables}event_previous_node on ${tables}event (tailnet, previous_node, revision, ordinal);

update ${tables}schema_version set ended_at = current_timestamp where version = 1;
