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

select count(*) as count from "replica_hr_unit";

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

select count(*) as count from "replica_hr_person";

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
  from (select o."number" as value, o.resource_id from "person" o) x
  where x.value in (select c1 from "sluice_run_2_staging_membership")
  group by x.value) f on f.value = d._from_value
  left join (
  select x.value, case when count(*) = 1 then min(x.resource_id) end as resource_id
  from (select o."code" as value, o.resource_id from "unit" o) x
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

select _operation as operation, count(*) as count from "sluice_run_2_link_1_membership" group by _operation;

select mapping, definition from sluice_mapping where source_id = $1;

select (select count(*) from sluice_orphan_reference where entity_type = 'Person') as stored,
  (select coalesce(sum(case operation when 'insert' then 1 else -1 end), 0)
  from (select * from sluice_orphan_reference_change where run_id = 2) c where entity_type = 'Person') as growth;

insert into sluice_link_history (run_id, association, operation, from_id, to_id, before, after, drift)
  select 2, 'Membership', c._operation, c.from_id, c.to_id, case c._operation when 'insert' then null when 'delete' then (select coalesce(jsonb_object_agg(v.name, v.value), '{}'::jsonb) from (values ('since', to_jsonb(l."since"))) v(name, value) where v.value is not null) else (case when l."since" is distinct from c."since" then jsonb_build_object('since', to_jsonb(l."since")) else '{}'::jsonb end) end as before, case c._operation when 'delete' then null when 'insert' then (select coalesce(jsonb_object_agg(v.name, v.value), '{}'::jsonb) from (values ('since', to_jsonb(c."since"))) v(name, value) where v.value is not null) else (case when l."since" is distinct from c."since" then jsonb_build_object('since', to_jsonb(c."since")) else '{}'::jsonb end) end as after, coalesce(c._drift, false) as drift
  from "sluice_run_2_link_1_membership" c left join "membership" l on l.source_id = c.source_id and l.from_id = c.from_id and l.to_id = c.to_id;

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

drop table "sluice_run_2_staging_person", "sluice_run_2_staging_unit", "sluice_run_2_candidate_unit", "sluice_run_2_candidate_person", "sluice_run_2_staging_membership", "sluice_run_2_desired_membership", "sluice_run_2_link_1_membership";

update sluice_source set applied_delivery = $2 where source_id = $1;

update sluice_run set state = $2, finished_at = clock_timestamp(), report = $3, change_set = $4
  where run_id = $1 and state in ('running', 'held');

update sluice_delivery set state = $2, reason = $3, finished_at = case when $4 then now() end
  where delivery_id = $1 and state = any($5);

select d.delivery_id, s.name as source, d.mode, d.state, d.reason, d.position, d.manifest, d.base, d.declared,
  d.announced_at, d.receive_milliseconds,
  (select max(r.run_id) from sluice_run r where r.delivery_id = d.delivery_id) as run_id
  from sluice_delivery d join sluice_source s using (source_id) where s.name = $1 and d.state in ('announced', 'ready', 'held') order by d.position limit 1;

-- 60 statements
