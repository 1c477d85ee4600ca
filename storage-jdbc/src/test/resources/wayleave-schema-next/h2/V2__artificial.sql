-- An artificial next version, for tests: it adds a column, and libraries of version 1 may go on.
insert into ${tables}schema_version (version, name, min_reader, min_writer) values (2, 'artificial', 1, 1);

alter table ${tables}route add column remark varchar(10) default 'none' not null;

update ${tables}schema_version set ended_at = current_timestamp where version = 2;
