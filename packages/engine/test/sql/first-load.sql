/* runs/find-left-at-work */ select delivery_id as delivery from sluice_run where source_id = (select source_id from sluice_source where name = $1) and state in ('running');

/* suspensions/read */ select s.name as source, x.suspended_at as since, x.until_at as until, x.reason,
  json_build_object('kind', x.by_kind, 'name', x.by_name) as by
  from sluice_suspension x join sluice_source s using (source_id) where x.resumed_at is null and (x.until_at is null or x.until_at > clock_timestamp()) and s.name = $1;

/* queue/next-delivery */ select d.delivery_id, source.name as source, d.mode, d.state, d.reason, d.position, d.manifest,
  d.base, d.declared, d.announced_at, d.receive_milliseconds, d.by_kind, d.by_name,
  (select max(run.run_id) from sluice_run run where run.delivery_id = d.delivery_id) as run_id
  from sluice_delivery d join sluice_source source using (source_id) where source.name = $1 and d.state in ('announced', 'ready', 'held', 'aside')
  order by d.position limit 1;

/* claim/find */ select inbox_id as id, folder from sluice_inbox;

/* runs/begin */ insert into sluice_run (cause, by_kind, by_name, delivery_id, source_id, mode, state, forced, comment, reverts)
  select 'delivery', 'program', $1, $2::uuid,
  (select source_id from sluice_source where name = $3), 'complete', 'running', FALSE, NULL, NULL where set_config('synchronous_commit', 'off', true) is not null
  returning run_id, started_at;

/* runs/lock */ select pg_try_advisory_xact_lock(hashtextextended(current_schema() || ' run', 0)) as taken,
  set_config('parallel_tuple_cost', '0', true), set_config('parallel_setup_cost', '0', true);

/* inbox/claim-delivery */ select d.state, d.reason, d.base, s.applied_delivery as applied
  from sluice_delivery d join sluice_source s using (source_id)
  where d.delivery_id = $1::uuid for update of d;

/* runs/is-at-work */ select from sluice_run where run_id = 1 and state in ('running');

/* evolve/last-change */ select (select max(changed_at) from sluice_model) as changed;

/* read/model */ select model::text as model from sluice_model;

/* runs/sources */ select (select jsonb_agg(jsonb_build_object('name', s.name, 'id', s.source_id,
  'acted', exists (select from sluice_replica_action w where w.source_id = s.source_id))) from sluice_source s) as sources,
  (select array_agg(distinct entity_type || '.' || property) from "sluice_merged_name") as merged_names;

/* intake/create-staging Person */ create temporary table "sluice_run_1_staged_person" (_row integer generated always as identity (cache 1000), "number" text collate "C", "name" text collate "C", "grade" text collate "C", "unit" text collate "C") on commit drop;

copy /* intake/copy Person */ "sluice_run_1_staged_person" ("number", "name", "grade", "unit");

/* produce/count-stored Person */ select count(*) as count from "person";

/* intake/create-staging Unit */ create temporary table "sluice_run_1_staged_unit" (_row integer generated always as identity (cache 1000), "code" text collate "C", "name" text collate "C") on commit drop;

copy /* intake/copy Unit */ "sluice_run_1_staged_unit" ("code", "name");

/* produce/count-stored Unit */ select count(*) as count from "unit";

/* intake/create-staging Membership */ create temporary table "sluice_run_1_staged_membership" (_row integer generated always as identity (cache 1000), "_from_value" text collate "C", "_to_value" text collate "C", "since" text collate "C") on commit drop;

copy /* intake/copy Membership */ "sluice_run_1_staged_membership" ("_from_value", "_to_value", "since");

/* produce/count-stored Membership */ select count(*) as count from "membership" where source_id = 1;

/* resolve/is-empty Unit */ select exists (select 1 from "unit" union all select 1 from "replica_hr_unit") as found;

/* intake/find-bad-rows Unit */ select exists (select from "sluice_run_1_staged_unit" where (("code" is not null and not (octet_length("code") <= 2500)))) as found;

/* runs/hold-resource-ids */ alter sequence sluice_resource_id increment by 1;

/* resolve/next-id */ select nextval('sluice_resource_id') - 1 as base;

/* resolve/reserve-ids */ select setval('sluice_resource_id', $1::bigint + 2 + 1);

/* resolve/load-resources Unit */ insert into "unit" (resource_id, _created_run, "code", "name")
  select $1::bigint + s._row, 1, s."code", s."name"
  from (select _row, "code" as "code", "name" as "name" from "sluice_run_1_staged_unit") s;

/* resolve/load-replicas Unit */ insert into "replica_hr_unit" (key, resource_id, digest)
  select s."code", $1::bigint + s._row, hash_record_extended(row(s."code", s."name"), 1597108708320700) from "sluice_run_1_staged_unit" s;

/* resolve/measure-loaded */ analyze "unit" ("resource_id", "code");

/* resolve/measure-loaded */ analyze "replica_hr_unit" (key);

/* resolve/is-empty Person */ select exists (select 1 from "person" union all select 1 from "replica_hr_person") as found;

/* intake/find-bad-rows Person */ select exists (select from "sluice_run_1_staged_person" where (("number" is null) or ("grade" is not null and not case when length("grade") >= 1000 then false
  when "grade" ~ $1 then case when length("grade") <= 18 then true else "grade"::numeric between -9223372036854775808 and 9223372036854775807 end when "grade" ~ $2 then (case when right(translate(btrim("grade", $3), $4, '-'), 1) = '-' then '-' || left(translate(btrim("grade", $3), $4, '-'), -1) else translate(btrim("grade", $3), $4, '-') end)::numeric between -9223372036854775808 and 9223372036854775807 else false end) or ("unit" is not null and not (octet_length("unit") <= 2500)) or ("number" is not null and not (octet_length("number") <= 2500)))) as found;

/* runs/hold-resource-ids */ alter sequence sluice_resource_id increment by 1;

/* resolve/next-id */ select nextval('sluice_resource_id') - 1 as base;

/* resolve/reserve-ids */ select setval('sluice_resource_id', $1::bigint + 3 + 1);

/* resolve/load-resources Person */ insert into "person" (resource_id, _created_run, "number", "name", "grade", "unit_id")
  select $1::bigint + s._row, 1, s."number", s."name", s."grade", "found_1".resource_id
  from (select _row, "number" as "number", "name" as "name", case when ascii("grade") between 43 and 57 and ascii(right("grade", 1)) between 48 and 57 then "grade"::bigint else ((case when right(translate(btrim("grade", $2), $3, '-'), 1) = '-' then '-' || left(translate(btrim("grade", $2), $3, '-'), -1) else translate(btrim("grade", $2), $3, '-') end)::numeric)::bigint end as "grade", "unit" as "unit_id" from "sluice_run_1_staged_person") s
  left join (
  select x.value, case when count(*) = 1 then min(x.resource_id) end as resource_id
  from (select o."code" as value, o.resource_id from "unit" o) x
  where x.value in (select "unit" from "sluice_run_1_staged_person")
  group by x.value) "found_1" on "found_1".value = s."unit_id";

/* resolve/load-replicas Person */ insert into "replica_hr_person" (key, resource_id, digest)
  select s."number", $1::bigint + s._row, hash_record_extended(row(s."number", s."name", s."grade", s."unit"), 3962659020009300) from "sluice_run_1_staged_person" s;

/* resolve/measure-loaded */ analyze "person" ("resource_id", "number");

/* resolve/measure-loaded */ analyze "replica_hr_person" (key);

/* resolve/record-orphans Person */ insert into "sluice_orphan_reference" (source_id, entity_type, resource_id, property, value)
  select 1, 'Person', o.resource_id, 'unit', s."unit"
  from "sluice_run_1_staged_person" s
  join "person" o on o.resource_id = $1::bigint + s._row
  where s."unit" is not null and o."unit_id" is null;

/* resolve/find-changed-keys Unit.code */ create temporary table "sluice_run_1_changed_keys_1_unit_code" on commit drop as select distinct x.value from (select o."code" as value from "unit" o where o."code" in (select value from "sluice_orphan_reference"
  union all select from_value from "sluice_orphan_link" union all select to_value from "sluice_orphan_link")) x where x.value is not null;

/* work-tables/analyze */ analyze "sluice_run_1_changed_keys_1_unit_code";

/* resolve/find-changed-key-resources Unit.code */ create temporary table "sluice_run_1_changed_key_resources_1_unit_code" on commit drop as select null::bigint as resource_id, null::text as value where false;

/* work-tables/drop */ drop table "sluice_run_1_changed_keys_1_unit_code", "sluice_run_1_changed_key_resources_1_unit_code";

/* work-tables/measure */ analyze "sluice_run_1_staged_membership" (_row);

/* resolve/assert-rows Membership */ create temporary table "sluice_run_1_pairs_1_membership" on commit drop as select p.*, f.resource_id as from_id, t.resource_id as to_id
  from (select _row, "_from_value" as _from_value, "_to_value" as _to_value,
  ((("_from_value" is not null and not (octet_length("_from_value") <= 1250)) or ("_to_value" is not null and not (octet_length("_to_value") <= 1250)) or ("since" is not null and not case when "since" like '____-__-__' then case when substr("since", 1, 2) = any($1) and substr("since", 3, 2) = any($2) and "since" >= '0001' and substr("since", 6, 2) = any($3) then substr("since", 9, 2) = any($4)
  or (substr("since", 9, 2) = any($5) and substr("since", 9, 2)::int between 1 and case when substr("since", 6, 2)::int in (4, 6, 9, 11) then 30 when substr("since", 6, 2)::int = 2 then case when (substr("since", 1, 4)::int % 4 = 0 and (substr("since", 1, 4)::int % 100 <> 0 or substr("since", 1, 4)::int % 400 = 0)) then 29 else 28 end else 31 end) else false end else false end))) as _bad, case when (("_from_value" is not null and not (octet_length("_from_value") <= 1250)) or ("_to_value" is not null and not (octet_length("_to_value") <= 1250)) or ("since" is not null and not case when "since" like '____-__-__' then case when substr("since", 1, 2) = any($1) and substr("since", 3, 2) = any($2) and "since" >= '0001' and substr("since", 6, 2) = any($3) then substr("since", 9, 2) = any($4)
  or (substr("since", 9, 2) = any($5) and substr("since", 9, 2)::int between 1 and case when substr("since", 6, 2)::int in (4, 6, 9, 11) then 30 when substr("since", 6, 2)::int = 2 then case when (substr("since", 1, 4)::int % 4 = 0 and (substr("since", 1, 4)::int % 100 <> 0 or substr("since", 1, 4)::int % 400 = 0)) then 29 else 28 end else 31 end) else false end else false end)) then null::date else "since"::date end as "since"
  from "sluice_run_1_staged_membership") p
  left join (
  select x.value, case when count(*) = 1 then min(x.resource_id) end as resource_id
  from (select o."number" as value, o.resource_id from "person" o) x
  where x.value in (select "_from_value" from "sluice_run_1_staged_membership")
  group by x.value) f on f.value = p._from_value
  left join (
  select x.value, case when count(*) = 1 then min(x.resource_id) end as resource_id
  from (select o."code" as value, o.resource_id from "unit" o) x
  where x.value in (select "_to_value" from "sluice_run_1_staged_membership")
  group by x.value) t on t.value = p._to_value;

/* work-tables/analyze */ analyze "sluice_run_1_pairs_1_membership";

/* resolve/count-orphans Membership */ select count(*)::int as orphan from "sluice_run_1_pairs_1_membership" where _row is not null and not _bad and (from_id is null or to_id is null);

/* resolve/count-bad-pairs Membership */ select count(*)::int as bad from "sluice_run_1_pairs_1_membership" where _bad;

/* resolve/compare-pairs Membership */ create temporary table "sluice_run_1_link_changes_1_membership" on commit drop as select 'delete' as _operation, null::boolean as _drift, 1 as source_id, l.from_id, l.to_id, l."since"
  from (select l.* from "membership" l where l.source_id = 1) l
  where not exists (select from "sluice_run_1_pairs_1_membership" p where p.from_id = l.from_id and p.to_id = l.to_id)
  union all
  select case when l.from_id is null then 'insert' else 'update' end, null, 1, p.from_id, p.to_id, p."since"
  from "sluice_run_1_pairs_1_membership" p
  left join "membership" l on l.source_id = 1 and l.from_id = p.from_id and l.to_id = p.to_id
  where not p._bad and p.from_id is not null and p.to_id is not null and ((l.from_id is null) or (l."since" is distinct from p."since"));

/* resolve/compare-waiting-pairs Membership */ insert into "sluice_orphan_link_change" (run_id, operation, source_id, association, from_value, to_value, properties)
  select 1, c.* from (select 'delete', 1, 'Membership', w.from_value, w.to_value, null::jsonb from (select w.* from "sluice_orphan_link" w
  where w.source_id = 1 and w.association = 'Membership') w
  where not exists (select from "sluice_run_1_pairs_1_membership" p where w.from_value = p._from_value and w.to_value = p._to_value and not p._bad and (p.from_id is null or p.to_id is null) and (p._row is null or w.properties is not distinct from jsonb_strip_nulls(jsonb_build_object('since', p."since"::text))))
  union all
  select 'insert', 1, 'Membership', p._from_value, p._to_value, jsonb_strip_nulls(jsonb_build_object('since', p."since"::text)) from "sluice_run_1_pairs_1_membership" p
  where not p._bad and (p.from_id is null or p.to_id is null) and not exists (select from "sluice_orphan_link" w where w.source_id = 1 and w.association = 'Membership' and w.from_value = p._from_value and w.to_value = p._to_value and (p._row is null or w.properties is not distinct from jsonb_strip_nulls(jsonb_build_object('since', p."since"::text))))) c;

/* changes/count */ select 'sluice_run_1_link_changes_1_membership' as name, _operation as operation, count(*) as count from "sluice_run_1_link_changes_1_membership" group by _operation;

/* produce/remembered-mappings */ select mapping, definition from sluice_mapping join sluice_source source using (source_id)
  where source.name = $1;

/* produce/count-orphans Person */ select (select count(*) from "sluice_orphan_reference" where entity_type = 'Person') as stored,
  (select coalesce(sum(case operation when 'insert' then 1 else -1 end), 0)
  from (select * from "sluice_orphan_reference_change" where run_id = 1) c where entity_type = 'Person') as growth;

/* apply/record-link-history Membership */ insert into sluice_link_history (run_id, association, operation, source_id, from_id, to_id, before, after, drift)
  select 1, 'Membership', c._operation, c.source_id, c.from_id, c.to_id, null::jsonb as before,
  case c._operation when 'insert' then (select coalesce(jsonb_object_agg(v.name, v.value), '{}'::jsonb) from (values ('since', to_jsonb(c."since"))) v(name, value) where v.value is not null) end as after,
  coalesce(c._drift, false) as drift
  from "sluice_run_1_link_changes_1_membership" c left join "membership" l on l.source_id = c.source_id and l.from_id = c.from_id and l.to_id = c.to_id;

/* apply/insert-links Membership */ insert into "membership" (source_id, from_id, to_id, _created_run, "since")
  select c.source_id, c.from_id, c.to_id, 1, c."since"
  from "sluice_run_1_link_changes_1_membership" c where c._operation = 'insert';

/* apply/count-orphan-changes */ select r.all as "references", l.all as links, r.new as "newReferences", l.new as "newLinks"
  from (select count(*)::int as all, (count(*) filter (where operation = 'insert'))::int as new from (select * from "sluice_orphan_reference_change" where run_id = 1) c) r, (select count(*)::int as all, (count(*) filter (where operation = 'insert'))::int as new from (select * from "sluice_orphan_link_change" where run_id = 1) c) l;

/* apply/remember-own-transaction Person */ insert into sluice_known_transaction (entity_type, xid)
  select 'Person', t.xid from (select pg_current_xact_id()::xid as xid) t
  where not exists (select from sluice_known_transaction v where v.entity_type = 'Person' and (v.checked_by is null) and v.xid = t.xid);

/* apply/remember-own-transaction Unit */ insert into sluice_known_transaction (entity_type, xid)
  select 'Unit', t.xid from (select pg_current_xact_id()::xid as xid) t
  where not exists (select from sluice_known_transaction v where v.entity_type = 'Unit' and (v.checked_by is null) and v.xid = t.xid);

/* apply/forget-overwritten Person */ delete from sluice_known_transaction v where v.entity_type = 'Person'
  and (select count(*) from sluice_known_transaction v where v.entity_type = 'Person') % 200 = 0
  and not exists (select from "person" o where o.xmin = v.xid);

/* apply/forget-overwritten Unit */ delete from sluice_known_transaction v where v.entity_type = 'Unit'
  and (select count(*) from sluice_known_transaction v where v.entity_type = 'Unit') % 200 = 0
  and not exists (select from "unit" o where o.xmin = v.xid);

/* apply/remember-stored */ insert into sluice_stored (source_id, mapping, stored, rejected)
  select source.source_id, j.mapping, coalesce(j.stored, before.stored) + j.growth, coalesce(j.rejected, before.rejected)
  from jsonb_to_recordset($1::jsonb)
  j(source text, mapping text, stored bigint, growth bigint, rejected bigint)
  join sluice_source source on source.name = j.source
  left join sluice_stored before on before.source_id = source.source_id and before.mapping = j.mapping
  where coalesce(j.stored, before.stored) is not null
  on conflict (source_id, mapping) do update set stored = excluded.stored, rejected = excluded.rejected
  where (sluice_stored.stored, sluice_stored.rejected) <> (excluded.stored, excluded.rejected);

/* apply/remember-delivery */ update sluice_source set applied_delivery = $1::uuid where source_id = 1;

/* apply/remember-mappings */ insert into sluice_mapping (source_id, mapping, definition)
  select 1, j.mapping, j.definition from jsonb_to_recordset($1::jsonb) j(mapping text, definition jsonb)
  on conflict (source_id, mapping) do update set definition = excluded.definition
  where sluice_mapping.definition <> excluded.definition;

/* orders/standing-subjects */ select distinct coalesce(o.entity_type, o.association) as name, o.association is not null as is_link
  from sluice_order o where o.source_id = 1 and o.state in ('pending', 'executed', 'contradicted', 'overdue');

/* runs/close */ update sluice_run set state = 'applied', finished_at = clock_timestamp(),
  report = $1::jsonb, change_set = $2::jsonb
  where run_id = 1 and state in ('running');

/* queue/passed */ update sluice_delivery d
  set state = 'applied', reason = $1, finished_at = now(), aside_at = NULL,
  deaths = d.deaths
  where d.delivery_id = $2 and d.state in ('ready');

/* queue/next-delivery */ select d.delivery_id, source.name as source, d.mode, d.state, d.reason, d.position, d.manifest,
  d.base, d.declared, d.announced_at, d.receive_milliseconds, d.by_kind, d.by_name,
  (select max(run.run_id) from sluice_run run where run.delivery_id = d.delivery_id) as run_id
  from sluice_delivery d join sluice_source source using (source_id) where source.name = $1 and d.state in ('announced', 'ready', 'held', 'aside')
  order by d.position limit 1;

-- 67 statements
