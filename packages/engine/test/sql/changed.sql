select name, source_id from sluice_source;

update sluice_run set state = 'interrupted', finished_at = clock_timestamp() where source_id = $1 and state = 'running';

select d.delivery_id, s.name as source, d.mode, d.state, d.reason, d.position, d.manifest, d.base, d.declared,
  d.announced_at, d.receive_milliseconds,
  (select max(r.run_id) from sluice_run r where r.delivery_id = d.delivery_id) as run_id
  from sluice_delivery d join sluice_source s using (source_id) where s.name = $1 and d.state in ('announced', 'ready', 'held') order by d.position limit 1;

select inbox_id as id, folder from sluice_inbox;

insert into sluice_run (delivery_id, source_id, mode, state, forced) values ($1, $2, $3, 'running', $4)
  returning run_id, started_at;

select pg_try_advisory_xact_lock(hashtextextended(current_schema() || ' run', 0)) as taken,
  set_config('parallel_tuple_cost', '0', true), set_config('parallel_setup_cost', '0', true);

select d.state, d.reason, s.applied_delivery as applied
  from sluice_delivery d join sluice_source s using (source_id) where d.delivery_id = $1 for update of d;

select from sluice_run where run_id = $1 and state = 'running';

select name, source_id from sluice_source;

create temporary table "sluice_run_2_staging_person" (row integer generated always as identity (cache 1000), c1 text collate "C", c2 text collate "C", c3 text collate "C", c4 text collate "C");

copy "sluice_run_2_staging_person" ("c1", "c2", "c3", "c4");

select count(*) as count from "person";

create temporary table "sluice_run_2_staging_unit" (row integer generated always as identity (cache 1000), c1 text collate "C", c2 text collate "C");

copy "sluice_run_2_staging_unit" ("c1", "c2");

select count(*) as count from "unit";

analyze "sluice_run_2_staging_unit" (row);

delete from sluice_verified where age(xid) < 0;

create temporary table "sluice_run_2_touched" as select o.resource_id, o.xmin as xid from "unit" o
  where not exists (
  select from sluice_verified v
  where v.source_id = 1 and v.entity_type = 'Unit' and v.xid = o.xmin);

select count(*) as count from "replica_hr_unit";

drop table "sluice_run_2_touched";

create temporary table "sluice_run_2_candidate_unit" as select s.*, hash_record_extended(row(s.c1, s.c2), 6876792183070961) as digest,
  r.resource_id as replica_resource_id, r.digest as replica_digest, r.ctid as replica_place, r.resource_id
  from "sluice_run_2_staging_unit" s
  left join "replica_hr_unit" r on r.key = s.c1
  where r.digest is distinct from hash_record_extended(row(s.c1, s.c2), 6876792183070961);

select count(*) as count from "sluice_run_2_candidate_unit" where replica_resource_id is null;

select count(*) as count from "replica_hr_unit";

create temporary table "sluice_run_2_desired_unit" as select r.key, r.resource_id from "replica_hr_unit" r
  where not exists (select from "sluice_run_2_staging_unit" s where s.c1 = r.key);

select from "sluice_run_2_candidate_unit" where (c1 is not null and not (octet_length(c1) <= 2500)) limit 1;

create temporary table "sluice_run_2_attached_unit" as select c.row, c.c1, c.c2, c.digest, c.replica_resource_id, c.replica_digest, c.replica_place,
  coalesce(c.resource_id, a.resource_id, nextval('sluice_resource_id')) as resource_id
  from "sluice_run_2_candidate_unit" c left join (select null::bigint as resource_id) a on false;

analyze "sluice_run_2_staging_person" (row);

delete from sluice_verified where age(xid) < 0;

create temporary table "sluice_run_2_touched" as select o.resource_id, o.xmin as xid from "person" o
  where not exists (
  select from sluice_verified v
  where v.source_id = 1 and v.entity_type = 'Person' and v.xid = o.xmin);

select count(*) as count from "replica_hr_person";

drop table "sluice_run_2_touched";

create temporary table "sluice_run_2_candidate_person" as select s.*, hash_record_extended(row(s.c1, s.c2, s.c3, s.c4), 444181842936573) as digest,
  r.resource_id as replica_resource_id, r.digest as replica_digest, r.ctid as replica_place, r.resource_id
  from "sluice_run_2_staging_person" s
  left join "replica_hr_person" r on r.key = s.c1
  where r.digest is distinct from hash_record_extended(row(s.c1, s.c2, s.c3, s.c4), 444181842936573);

select count(*) as count from "sluice_run_2_candidate_person" where replica_resource_id is null;

select count(*) as count from "replica_hr_person";

create temporary table "sluice_run_2_desired_person" as select r.key, r.resource_id from "replica_hr_person" r
  where not exists (select from "sluice_run_2_staging_person" s where s.c1 = r.key);

select from "sluice_run_2_candidate_person" where (c1 is null)
  or (c3 is not null and not case when c3 ~ '^[+-]?[0-9]+$' then case when length(c3) <= 18 then true when length(c3) > 100 then false
  else c3::numeric between -9223372036854775808 and 9223372036854775807 end else false end)
  or (c4 is not null and not (octet_length(c4) <= 2500))
  or (c1 is not null and not (octet_length(c1) <= 2500)) limit 1;

create temporary table "sluice_run_2_bad" as select * from "sluice_run_2_candidate_person" where (c1 is null)
  or (c3 is not null and not case when c3 ~ '^[+-]?[0-9]+$' then case when length(c3) <= 18 then true when length(c3) > 100 then false
  else c3::numeric between -9223372036854775808 and 9223372036854775807 end else false end)
  or (c4 is not null and not (octet_length(c4) <= 2500))
  or (c1 is not null and not (octet_length(c1) <= 2500));

insert into sluice_rejected_row (run_id, mapping, file, line, key, column_name, value, reason)
  select 2, r.* from (select 'Person', 'p.csv', null::bigint, c1, 'n', left(c1, 500), case when c1 is null then 'a value is required' else 'not a text' end
  from "sluice_run_2_bad" where (c1 is null)) r;

insert into sluice_rejected_row (run_id, mapping, file, line, key, column_name, value, reason)
  select 2, r.* from (select 'Person', 'p.csv', null::bigint, c1, 'grade', left(c3, 500), case when c3 is null then 'a value is required' else 'not a whole number' end
  from "sluice_run_2_bad" where (c3 is not null and not case when c3 ~ '^[+-]?[0-9]+$' then case when length(c3) <= 18 then true when length(c3) > 100 then false
  else c3::numeric between -9223372036854775808 and 9223372036854775807 end else false end)) r;

insert into sluice_rejected_row (run_id, mapping, file, line, key, column_name, value, reason)
  select 2, r.* from (select 'Person', 'p.csv', null::bigint, c1, 'u', left(c4, 500), case when c4 is null then 'a value is required' else 'not at most 2500 bytes long, as what is looked up has to be' end
  from "sluice_run_2_bad" where (c4 is not null and not (octet_length(c4) <= 2500))) r;

insert into sluice_rejected_row (run_id, mapping, file, line, key, column_name, value, reason)
  select 2, r.* from (select 'Person', 'p.csv', null::bigint, c1, 'n', left(c1, 500), case when c1 is null then 'a value is required' else 'not at most 2500 bytes long, as what is looked up has to be' end
  from "sluice_run_2_bad" where (c1 is not null and not (octet_length(c1) <= 2500))) r;

delete from "sluice_run_2_candidate_person" t using "sluice_run_2_bad" b where t.row = b.row;

drop table "sluice_run_2_bad";

create temporary table "sluice_run_2_attached_person" as select c.row, c.c1, c.c2, c.c3, c.c4, c.digest, c.replica_resource_id, c.replica_digest, c.replica_place,
  coalesce(c.resource_id, a.resource_id, nextval('sluice_resource_id')) as resource_id
  from "sluice_run_2_candidate_person" c left join (select null::bigint as resource_id) a on false;

create temporary table "sluice_run_2_change_person" as select case when o.resource_id is null then 'insert' when o."number" is distinct from a.v1 or o."name" is distinct from a.v2 or o."grade" is distinct from a.v3 then 'update' else 'same' end as _operation,
  a.resource_id, a.key as _key, o.xmin as _base_xid, o.ctid as _base_place, null::boolean as _drift, a.v1 as "number", a.v2 as "name", a.v3 as "grade", o."unit_id" as "unit_id"
  from (select resource_id, c1 as key, (c1)::text collate "C" as v1, (c2)::text collate "C" as v2, (c3::bigint)::bigint as v3 from "sluice_run_2_attached_person") a
  left join "person" o on o.resource_id = a.resource_id;

create temporary table "sluice_run_2_change_unit" as select case when o.resource_id is null then 'insert' when o."code" is distinct from a.v1 or o."name" is distinct from a.v2 then 'update' else 'same' end as _operation,
  a.resource_id, a.key as _key, o.xmin as _base_xid, o.ctid as _base_place, null::boolean as _drift, a.v1 as "code", a.v2 as "name"
  from (select resource_id, c1 as key, (c1)::text collate "C" as v1, (c2)::text collate "C" as v2 from "sluice_run_2_attached_unit") a
  left join "unit" o on o.resource_id = a.resource_id;

insert into "sluice_run_2_change_person" (_operation, resource_id, _key, _base_xid, _base_place, "number", "name", "grade", "unit_id")
  select 'delete', d.resource_id, d.key, o.xmin, o.ctid, o."number", o."name", o."grade", o."unit_id"
  from "sluice_run_2_desired_person" d left join "person" o on o.resource_id = d.resource_id
  where not exists (select from "sluice_run_2_change_person" c where c.resource_id = d.resource_id);

insert into "sluice_run_2_change_unit" (_operation, resource_id, _key, _base_xid, _base_place, "code", "name")
  select 'delete', d.resource_id, d.key, o.xmin, o.ctid, o."code", o."name"
  from "sluice_run_2_desired_unit" d left join "unit" o on o.resource_id = d.resource_id
  where not exists (select from "sluice_run_2_change_unit" c where c.resource_id = d.resource_id);

update "sluice_run_2_change_person" c set "unit_id" = l1.resource_id, _operation = case when c._operation = 'same' and (c."unit_id" is distinct from l1.resource_id) then 'update' else c._operation end
  from "sluice_run_2_attached_person" a left join (
  select x.value, case when count(*) = 1 then min(x.resource_id) end as resource_id
  from (select o."code" as value, o.resource_id from "unit" o where not exists (select from "sluice_run_2_change_unit" c where c.resource_id = o.resource_id)
  union all select c."code", c.resource_id from "sluice_run_2_change_unit" c where c._operation <> 'delete') x
  where x.value in (select c4 from "sluice_run_2_attached_person" where c4 is not null)
  group by x.value) l1 on l1.value = a.c4 where a.resource_id = c.resource_id;

insert into sluice_orphan_reference_change
  (run_id, operation, source_id, entity_type, resource_id, property, value) select 2, r.* from (select 'delete', s.source_id, s.entity_type, s.resource_id, s.property, s.value
  from "sluice_run_2_attached_person" a
  join "sluice_run_2_change_person" c on c.resource_id = a.resource_id
  join sluice_orphan_reference s on s.resource_id = a.resource_id and s.property = 'unit'
  where not (c."unit_id" is null and a.c4 is not null and s.value = a.c4)) r;

insert into sluice_orphan_reference_change
  (run_id, operation, source_id, entity_type, resource_id, property, value) select 2, r.* from (select 'insert', 1, 'Person', a.resource_id, 'unit', a.c4
  from "sluice_run_2_attached_person" a
  join "sluice_run_2_change_person" c on c.resource_id = a.resource_id
  where c."unit_id" is null and a.c4 is not null and not exists (
  select from sluice_orphan_reference s
  where s.resource_id = a.resource_id and s.property = 'unit' and s.value = a.c4)) r;

create temporary table "sluice_run_2_moving_unit_code" as select distinct x.value from (select c."code" as value from "sluice_run_2_change_unit" c left join "unit" o on o.resource_id = c.resource_id where c._operation <> 'delete' and o."code" is distinct from c."code" union all select o."code" as value from "sluice_run_2_change_unit" c left join "unit" o on o.resource_id = c.resource_id left join (select a.resource_id from "sluice_run_2_attached_unit" a join "replica_hr_unit" r
  on r.key = a.c1 and r.digest = a.digest) p on p.resource_id = c.resource_id where c._operation = 'delete' or (o."code" is distinct from c."code" and p.resource_id is null)) x where x.value is not null;

analyze "sluice_run_2_moving_unit_code";

create temporary table "sluice_run_2_moved_unit_code" as select o.resource_id, o."code" as value from "unit" o where o."code" in (select value from "sluice_run_2_moving_unit_code") and not exists (select from "sluice_run_2_change_unit" c join (select a.resource_id from "sluice_run_2_attached_unit" a join "replica_hr_unit" r
  on r.key = a.c1 and r.digest = a.digest) p on p.resource_id = c.resource_id
  where c.resource_id = o.resource_id and c."code" is distinct from o."code") union all select c.resource_id, c._key from "sluice_run_2_change_unit" c where c._operation = 'delete'
  and not exists (select from "unit" o where o.resource_id = c.resource_id);

analyze "sluice_run_2_moved_unit_code";

create temporary table "sluice_run_2_affected_person" as select w.resource_id, w.value from sluice_orphan_reference w
  where w.source_id = 1 and w.entity_type = 'Person' and w.property = 'unit' and w.value in (select value from "sluice_run_2_moving_unit_code")
  and not exists (select from "sluice_run_2_attached_person" d where d.resource_id = w.resource_id) and not exists (select from "sluice_run_2_change_person" d where d.resource_id = w.resource_id and d._operation = 'delete')
  union all
  select o.resource_id, m.value from "sluice_run_2_moved_unit_code" m
  join "person" o on o."unit_id" = m.resource_id
  where true and not exists (select from "sluice_run_2_attached_person" d where d.resource_id = o.resource_id) and not exists (select from "sluice_run_2_change_person" d where d.resource_id = o.resource_id and d._operation = 'delete');

drop table "sluice_run_2_affected_person";

drop table "sluice_run_2_moving_unit_code", "sluice_run_2_moved_unit_code";

create temporary table "sluice_run_2_staging_membership" (row integer generated always as identity (cache 1000), c1 text collate "C", c2 text collate "C", c3 text collate "C");

copy "sluice_run_2_staging_membership" ("c1", "c2", "c3");

analyze "sluice_run_2_staging_membership" (row);

create temporary table "sluice_run_2_desired_membership" as select d.*, f.resource_id as from_id, t.resource_id as to_id
  from (select row as _row, c1 as _from_value, c2 as _to_value,
  ((c1 is not null and not (octet_length(c1) <= 1250))
  or (c2 is not null and not (octet_length(c2) <= 1250))
  or (c3 is not null and not case when c3 ~ '^[0-9][0-9][0-9][0-9]-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' then (substr(c3, 1, 4) <> '0000' and (substr(c3, 9, 2) <= '28' or substr(c3, 9, 2)::int between 1 and case when substr(c3, 6, 2)::int in (4, 6, 9, 11) then 30 when substr(c3, 6, 2)::int = 2 then case when (substr(c3, 1, 4)::int % 4 = 0 and (substr(c3, 1, 4)::int % 100 <> 0 or substr(c3, 1, 4)::int % 400 = 0)) then 29 else 28 end else 31 end)) else false end)) as _bad, case when (c1 is not null and not (octet_length(c1) <= 1250))
  or (c2 is not null and not (octet_length(c2) <= 1250))
  or (c3 is not null and not case when c3 ~ '^[0-9][0-9][0-9][0-9]-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' then (substr(c3, 1, 4) <> '0000' and (substr(c3, 9, 2) <= '28' or substr(c3, 9, 2)::int between 1 and case when substr(c3, 6, 2)::int in (4, 6, 9, 11) then 30 when substr(c3, 6, 2)::int = 2 then case when (substr(c3, 1, 4)::int % 4 = 0 and (substr(c3, 1, 4)::int % 100 <> 0 or substr(c3, 1, 4)::int % 400 = 0)) then 29 else 28 end else 31 end)) else false end) then null else c3::date end as "since"
  from "sluice_run_2_staging_membership") d
  left join (
  select x.value, case when count(*) = 1 then min(x.resource_id) end as resource_id
  from (select o."number" as value, o.resource_id from "person" o where not exists (select from "sluice_run_2_change_person" c where c.resource_id = o.resource_id)
  union all select c."number", c.resource_id from "sluice_run_2_change_person" c where c._operation <> 'delete') x
  where x.value in (select c1 from "sluice_run_2_staging_membership")
  group by x.value) f on f.value = d._from_value
  left join (
  select x.value, case when count(*) = 1 then min(x.resource_id) end as resource_id
  from (select o."code" as value, o.resource_id from "unit" o where not exists (select from "sluice_run_2_change_unit" c where c.resource_id = o.resource_id)
  union all select c."code", c.resource_id from "sluice_run_2_change_unit" c where c._operation <> 'delete') x
  where x.value in (select c2 from "sluice_run_2_staging_membership")
  group by x.value) t on t.value = d._to_value;

analyze "sluice_run_2_desired_membership";

select count(*) as count from "sluice_run_2_desired_membership" where not _bad and (from_id is null or to_id is null);

select count(*) as count from "sluice_run_2_desired_membership" where _bad;

create temporary table "sluice_run_2_link_1_membership" as select ''::text as _operation, null::boolean as _drift, l.* from "membership" l where false;

insert into "sluice_run_2_link_1_membership" (_operation, source_id, from_id, to_id, "since")
  select case when l.from_id is null then 'insert' else 'update' end, 1, d.from_id, d.to_id, d."since"
  from "sluice_run_2_desired_membership" d left join "membership" l on l.source_id = 1 and l.from_id = d.from_id and l.to_id = d.to_id
  where not d._bad and d.from_id is not null and d.to_id is not null and (l.from_id is null or l."since" is distinct from d."since");

insert into "sluice_run_2_link_1_membership" (_operation, source_id, from_id, to_id, "since")
  select 'delete', l.source_id, l.from_id, l.to_id, l."since"
  from "membership" l where l.source_id = 1
  and not exists (select from "sluice_run_2_desired_membership" d where d.from_id = l.from_id and d.to_id = l.to_id) and not false;

insert into sluice_orphan_link_change
  (run_id, operation, source_id, association, from_value, to_value, properties)
  select 2, c.operation, c.source_id, c.association, c.from_value, c.to_value, c.properties::jsonb
  from (select 'insert', 1, 'Membership', d._from_value, d._to_value, jsonb_strip_nulls(jsonb_build_object('since', d."since"::text)) from "sluice_run_2_desired_membership" d
  where not d._bad and (d.from_id is null or d.to_id is null) and not exists (select from sluice_orphan_link s where s.source_id = 1 and s.association = 'Membership' and s.from_value = d._from_value and s.to_value = d._to_value and s.properties is not distinct from jsonb_strip_nulls(jsonb_build_object('since', d."since"::text)))) c(operation, source_id, association, from_value, to_value, properties);

insert into sluice_orphan_link_change
  (run_id, operation, source_id, association, from_value, to_value, properties)
  select 2, c.operation, c.source_id, c.association, c.from_value, c.to_value, c.properties::jsonb
  from (select 'delete', s.source_id, s.association, s.from_value, s.to_value, s.properties from sluice_orphan_link s
  where s.source_id = 1 and s.association = 'Membership' and not exists (select from "sluice_run_2_desired_membership" d
  where s.from_value = d._from_value and s.to_value = d._to_value and not d._bad and (d.from_id is null or d.to_id is null) and s.properties is not distinct from jsonb_strip_nulls(jsonb_build_object('since', d."since"::text)))) c(operation, source_id, association, from_value, to_value, properties);

select count(*) as count from "membership" where source_id = 1;

select _operation as operation, count(*) as count from "sluice_run_2_change_person" group by _operation;

insert into sluice_orphan_reference_change
  (run_id, operation, source_id, entity_type, resource_id, property, value) select 2, r.* from (select 'delete', s.source_id, s.entity_type, s.resource_id, s.property, s.value
  from sluice_orphan_reference s join "sluice_run_2_change_person" c on c.resource_id = s.resource_id where c._operation = 'delete') r;

select _operation as operation, count(*) as count from "sluice_run_2_change_unit" group by _operation;

insert into sluice_orphan_reference_change
  (run_id, operation, source_id, entity_type, resource_id, property, value) select 2, r.* from (select 'delete', s.source_id, s.entity_type, s.resource_id, s.property, s.value
  from sluice_orphan_reference s join "sluice_run_2_change_unit" c on c.resource_id = s.resource_id where c._operation = 'delete') r;

create index on "sluice_run_2_change_unit" (resource_id);

select _operation as operation, count(*) as count from "sluice_run_2_link_1_membership" group by _operation;

select mapping, definition from sluice_mapping where source_id = $1;

select count(*) as count from "sluice_run_2_change_person" c where _operation = 'update' and exists (select from "sluice_run_2_attached_person" a where a.resource_id = c.resource_id);

select count(*) as count from "sluice_run_2_change_person" c where _operation = 'update' and not exists (select from "sluice_run_2_attached_person" a where a.resource_id = c.resource_id) and exists (select from "replica_hr_person" r
  where r.key = c._key and r.resource_id = c.resource_id) and not exists (select from sluice_rejected_row x
  where x.run_id = 2 and x.mapping = 'Person' and x.key = c._key);

select (select count(*) from sluice_orphan_reference where entity_type = 'Person') as stored,
  (select coalesce(sum(case operation when 'insert' then 1 else -1 end), 0)
  from (select * from sluice_orphan_reference_change where run_id = 2) c where entity_type = 'Person') as growth;

insert into sluice_history (run_id, entity_type, resource_id, operation, key, before, after, drift)
  select 2, 'Person', c.resource_id, c._operation, c._key, case c._operation when 'insert' then null when 'delete' then (select coalesce(jsonb_object_agg(v.name, v.value), '{}'::jsonb) from (values ('number', to_jsonb(o."number")), ('name', to_jsonb(o."name")), ('grade', to_jsonb(o."grade")), ('unit', case when o."unit_id" is not null then to_jsonb(coalesce((select n."name"::text from "unit" n where n.resource_id = o."unit_id"), (select n."name"::text from "sluice_run_2_change_unit" n where n.resource_id = o."unit_id" limit 1), o."unit_id"::text)) end)) v(name, value) where v.value is not null) else (case when o."number" is distinct from c."number" or o."name" is distinct from c."name" or o."grade" is distinct from c."grade" or o."unit_id" is distinct from c."unit_id" then (case when o."number" is distinct from c."number" or o."name" is distinct from c."name" then (case when o."number" is distinct from c."number" then jsonb_build_object('number', to_jsonb(o."number")) else '{}'::jsonb end || case when o."name" is distinct from c."name" then jsonb_build_object('name', to_jsonb(o."name")) else '{}'::jsonb end) else '{}'::jsonb end || case when o."grade" is distinct from c."grade" or o."unit_id" is distinct from c."unit_id" then (case when o."grade" is distinct from c."grade" then jsonb_build_object('grade', to_jsonb(o."grade")) else '{}'::jsonb end || case when o."unit_id" is distinct from c."unit_id" then jsonb_build_object('unit', case when o."unit_id" is not null then to_jsonb(coalesce((select n."name"::text from "unit" n where n.resource_id = o."unit_id"), (select n."name"::text from "sluice_run_2_change_unit" n where n.resource_id = o."unit_id" limit 1), o."unit_id"::text)) end) else '{}'::jsonb end) else '{}'::jsonb end) else '{}'::jsonb end) end as before, case c._operation when 'delete' then null when 'insert' then (select coalesce(jsonb_object_agg(v.name, v.value), '{}'::jsonb) from (values ('number', to_jsonb(c."number")), ('name', to_jsonb(c."name")), ('grade', to_jsonb(c."grade")), ('unit', case when c."unit_id" is not null then to_jsonb(coalesce((select n."name"::text from "unit" n where n.resource_id = c."unit_id"), (select n."name"::text from "sluice_run_2_change_unit" n where n.resource_id = c."unit_id" limit 1), c."unit_id"::text)) end)) v(name, value) where v.value is not null) else (case when o."number" is distinct from c."number" or o."name" is distinct from c."name" or o."grade" is distinct from c."grade" or o."unit_id" is distinct from c."unit_id" then (case when o."number" is distinct from c."number" or o."name" is distinct from c."name" then (case when o."number" is distinct from c."number" then jsonb_build_object('number', to_jsonb(c."number")) else '{}'::jsonb end || case when o."name" is distinct from c."name" then jsonb_build_object('name', to_jsonb(c."name")) else '{}'::jsonb end) else '{}'::jsonb end || case when o."grade" is distinct from c."grade" or o."unit_id" is distinct from c."unit_id" then (case when o."grade" is distinct from c."grade" then jsonb_build_object('grade', to_jsonb(c."grade")) else '{}'::jsonb end || case when o."unit_id" is distinct from c."unit_id" then jsonb_build_object('unit', case when c."unit_id" is not null then to_jsonb(coalesce((select n."name"::text from "unit" n where n.resource_id = c."unit_id"), (select n."name"::text from "sluice_run_2_change_unit" n where n.resource_id = c."unit_id" limit 1), c."unit_id"::text)) end) else '{}'::jsonb end) else '{}'::jsonb end) else '{}'::jsonb end) end as after, coalesce(c._drift, false) as drift
  from "sluice_run_2_change_person" c left join "person" o on o.ctid = c._base_place and o.resource_id = c.resource_id where c._operation = 'insert' or o.resource_id is not null;

insert into sluice_history (run_id, entity_type, resource_id, operation, key, before, after, drift)
  select 2, 'Unit', c.resource_id, c._operation, c._key, case c._operation when 'insert' then null when 'delete' then (select coalesce(jsonb_object_agg(v.name, v.value), '{}'::jsonb) from (values ('code', to_jsonb(o."code")), ('name', to_jsonb(o."name"))) v(name, value) where v.value is not null) else (case when o."code" is distinct from c."code" or o."name" is distinct from c."name" then (case when o."code" is distinct from c."code" then jsonb_build_object('code', to_jsonb(o."code")) else '{}'::jsonb end || case when o."name" is distinct from c."name" then jsonb_build_object('name', to_jsonb(o."name")) else '{}'::jsonb end) else '{}'::jsonb end) end as before, case c._operation when 'delete' then null when 'insert' then (select coalesce(jsonb_object_agg(v.name, v.value), '{}'::jsonb) from (values ('code', to_jsonb(c."code")), ('name', to_jsonb(c."name"))) v(name, value) where v.value is not null) else (case when o."code" is distinct from c."code" or o."name" is distinct from c."name" then (case when o."code" is distinct from c."code" then jsonb_build_object('code', to_jsonb(c."code")) else '{}'::jsonb end || case when o."name" is distinct from c."name" then jsonb_build_object('name', to_jsonb(c."name")) else '{}'::jsonb end) else '{}'::jsonb end) end as after, coalesce(c._drift, false) as drift
  from "sluice_run_2_change_unit" c left join "unit" o on o.ctid = c._base_place and o.resource_id = c.resource_id where c._operation = 'insert' or o.resource_id is not null;

insert into sluice_link_history (run_id, association, operation, from_id, to_id, before, after, drift)
  select 2, 'Membership', c._operation, c.from_id, c.to_id, case c._operation when 'insert' then null when 'delete' then (select coalesce(jsonb_object_agg(v.name, v.value), '{}'::jsonb) from (values ('since', to_jsonb(l."since"))) v(name, value) where v.value is not null) else (case when l."since" is distinct from c."since" then jsonb_build_object('since', to_jsonb(l."since")) else '{}'::jsonb end) end as before, case c._operation when 'delete' then null when 'insert' then (select coalesce(jsonb_object_agg(v.name, v.value), '{}'::jsonb) from (values ('since', to_jsonb(c."since"))) v(name, value) where v.value is not null) else (case when l."since" is distinct from c."since" then jsonb_build_object('since', to_jsonb(c."since")) else '{}'::jsonb end) end as after, coalesce(c._drift, false) as drift
  from "sluice_run_2_link_1_membership" c left join "membership" l on l.source_id = c.source_id and l.from_id = c.from_id and l.to_id = c.to_id;

delete from "person" o using "sluice_run_2_change_person" c where c._operation = 'delete' and o.ctid = c._base_place and o.resource_id = c.resource_id;

update "person" o set "number" = c."number", "name" = c."name", "grade" = c."grade", "unit_id" = c."unit_id", _changed_run = 2
  from "sluice_run_2_change_person" c where c._operation = 'update' and o.ctid = c._base_place and o.resource_id = c.resource_id and c._base_xid in (select v.xid from sluice_verified v
  where v.source_id = 1 and v.entity_type = 'Person');

delete from "unit" o using "sluice_run_2_change_unit" c where c._operation = 'delete' and o.ctid = c._base_place and o.resource_id = c.resource_id;

insert into "unit" (resource_id, _created_run, "code", "name")
  select c.resource_id, 2, c."code", c."name" from "sluice_run_2_change_unit" c where c._operation = 'insert';

with changes as materialized (select * from (select case when replica_resource_id is null then 'insert' else 'update' end as operation,
  c1 as key, resource_id, digest, replica_place as place
  from "sluice_run_2_attached_person" where replica_resource_id is distinct from resource_id or replica_digest is distinct from digest union all select 'delete' as operation, key, resource_id, null::bigint as digest, null::tid as place from "sluice_run_2_desired_person") c),
  gone as (delete from "replica_hr_person" r using changes c where c.operation = 'delete' and r.key = c.key),
  new as (insert into "replica_hr_person" (key, resource_id, digest)
  select c.key, c.resource_id, c.digest from changes c where c.operation = 'insert'),
  found as (update "replica_hr_person" r
  set resource_id = c.resource_id, digest = c.digest from changes c where c.operation = 'update' and r.ctid = c.place and r.key = c.key returning 1)
  select (select count(*) from changes where operation = 'update')::int as updated,
  (select count(*) from found)::int as found;

with changes as materialized (select * from (select case when replica_resource_id is null then 'insert' else 'update' end as operation,
  c1 as key, resource_id, digest, replica_place as place
  from "sluice_run_2_attached_unit" where replica_resource_id is distinct from resource_id or replica_digest is distinct from digest union all select 'delete' as operation, key, resource_id, null::bigint as digest, null::tid as place from "sluice_run_2_desired_unit") c),
  gone as (delete from "replica_hr_unit" r using changes c where c.operation = 'delete' and r.key = c.key),
  new as (insert into "replica_hr_unit" (key, resource_id, digest)
  select c.key, c.resource_id, c.digest from changes c where c.operation = 'insert'),
  found as (update "replica_hr_unit" r
  set resource_id = c.resource_id, digest = c.digest from changes c where c.operation = 'update' and r.ctid = c.place and r.key = c.key returning 1)
  select (select count(*) from changes where operation = 'update')::int as updated,
  (select count(*) from found)::int as found;

delete from "membership" l using "sluice_run_2_link_1_membership" c where c._operation = 'delete' and l.source_id = c.source_id and l.from_id = c.from_id and l.to_id = c.to_id;

update "membership" l set "since" = c."since", _changed_run = 2
  from "sluice_run_2_link_1_membership" c where c._operation = 'update' and l.source_id = c.source_id and l.from_id = c.from_id and l.to_id = c.to_id;

insert into "membership" (source_id, from_id, to_id, _created_run, "since")
  select c.source_id, c.from_id, c.to_id, 2, c."since"
  from "sluice_run_2_link_1_membership" c where c._operation = 'insert';

select (select count(*) from (select * from sluice_orphan_reference_change where run_id = 2) c where operation = 'insert')::int as "references", (select count(*) from (select * from sluice_orphan_link_change where run_id = 2) c where operation = 'insert')::int as links,
  (select count(*) from (select * from sluice_orphan_reference_change where run_id = 2) c)::int + (select count(*) from (select * from sluice_orphan_link_change where run_id = 2) c)::int as "all";

delete from sluice_orphan_reference s using (select * from sluice_orphan_reference_change where run_id = 2) c
  where c.operation = 'delete' and s.resource_id = c.resource_id and s.property = c.property;
  insert into sluice_orphan_reference (source_id, entity_type, resource_id, property, value)
  select source_id, entity_type, resource_id, property, value from (select * from sluice_orphan_reference_change where run_id = 2) c where operation = 'insert';
  delete from sluice_orphan_link s using (select * from sluice_orphan_link_change where run_id = 2) c
  where c.operation = 'delete' and s.source_id = c.source_id and s.association = c.association
  and s.from_value = c.from_value and s.to_value = c.to_value;
  insert into sluice_orphan_link (source_id, association, from_value, to_value, properties)
  select source_id, association, from_value, to_value, properties from (select * from sluice_orphan_link_change where run_id = 2) c where operation = 'insert'
  on conflict do nothing;

delete from sluice_orphan_reference_change where run_id = 2;
  delete from sluice_orphan_link_change where run_id = 2;

insert into sluice_verified (source_id, entity_type, xid)
  select 1, 'Person', t.xid from (select pg_current_xact_id()::xid as xid) t
  where not exists (select from sluice_verified v where v.source_id = 1 and v.entity_type = 'Person' and v.xid = t.xid);
  delete from sluice_verified v where v.source_id = 1 and v.entity_type = 'Person'
  and (select count(*) from sluice_verified v where v.source_id = 1 and v.entity_type = 'Person') > 200
  and not exists (select from "person" o where o.xmin = v.xid);

insert into sluice_verified (source_id, entity_type, xid)
  select 1, 'Unit', t.xid from (select pg_current_xact_id()::xid as xid) t
  where not exists (select from sluice_verified v where v.source_id = 1 and v.entity_type = 'Unit' and v.xid = t.xid);
  delete from sluice_verified v where v.source_id = 1 and v.entity_type = 'Unit'
  and (select count(*) from sluice_verified v where v.source_id = 1 and v.entity_type = 'Unit') > 200
  and not exists (select from "unit" o where o.xmin = v.xid);

insert into sluice_stored (source_id, mapping, stored)
  select source_id, $2, $3 from sluice_source where name = $1
  on conflict (source_id, mapping) do update set stored = excluded.stored
  where sluice_stored.stored <> excluded.stored;

insert into sluice_stored (source_id, mapping, stored)
  select source_id, $2, $3 from sluice_source where name = $1
  on conflict (source_id, mapping) do update set stored = excluded.stored
  where sluice_stored.stored <> excluded.stored;

insert into sluice_stored (source_id, mapping, stored)
  select source_id, $2, $3 from sluice_source where name = $1
  on conflict (source_id, mapping) do update set stored = excluded.stored
  where sluice_stored.stored <> excluded.stored;

drop table "sluice_run_2_staging_person", "sluice_run_2_staging_unit", "sluice_run_2_candidate_unit", "sluice_run_2_desired_unit", "sluice_run_2_attached_unit", "sluice_run_2_candidate_person", "sluice_run_2_desired_person", "sluice_run_2_attached_person", "sluice_run_2_change_person", "sluice_run_2_change_unit", "sluice_run_2_staging_membership", "sluice_run_2_desired_membership", "sluice_run_2_link_1_membership";

update sluice_source set applied_delivery = $2 where source_id = $1;

update sluice_run set state = $2, finished_at = clock_timestamp(), report = $3, change_set = $4
  where run_id = $1 and state in ('running', 'held');

update sluice_delivery set state = $2, reason = $3, finished_at = case when $4 then now() end
  where delivery_id = $1 and state = any($5);

select d.delivery_id, s.name as source, d.mode, d.state, d.reason, d.position, d.manifest, d.base, d.declared,
  d.announced_at, d.receive_milliseconds,
  (select max(r.run_id) from sluice_run r where r.delivery_id = d.delivery_id) as run_id
  from sluice_delivery d join sluice_source s using (source_id) where s.name = $1 and d.state in ('announced', 'ready', 'held') order by d.position limit 1;

-- 106 statements
