-- The host's own table: what the library does not need to know of a node.
create table machine (
    id            bigint primary key,
    serial_number varchar(100) not null
);
