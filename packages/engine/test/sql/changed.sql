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

/* runs/is-at-work */ select from sluice_run where run_id = 2 and state in ('running');

/* evolve/last-change */ select (select max(changed_at) from sluice_model) as changed;

/* read/model */ select model::text as model from sluice_model;

/* runs/sources */ select (select jsonb_agg(jsonb_build_object('name', s.name, 'id', s.source_id,
  'acted', exists (select from sluice_replica_action w where w.source_id = s.source_id))) from sluice_source s) as sources,
  (select array_agg(distinct entity_type || '.' || property) from "sluice_merged_name") as merged_names;

/* intake/create-staging Person */ create temporary table "sluice_run_2_staged_person" (_row integer generated always as identity (cache 1000), "number" text collate "C", "name" text collate "C", "grade" text collate "C", "unit" text collate "C") on commit drop;

copy /* intake/copy Person */ "sluice_run_2_staged_person" ("number", "name", "grade", "unit");

/* produce/count-stored Person */ select count(*) as count from "person";

/* intake/create-staging Unit */ create temporary table "sluice_run_2_staged_unit" (_row integer generated always as identity (cache 1000), "code" text collate "C", "name" text collate "C") on commit drop;

copy /* intake/copy Unit */ "sluice_run_2_staged_unit" ("code", "name");

/* produce/count-stored Unit */ select count(*) as count from "unit";

/* intake/create-staging Membership */ create temporary table "sluice_run_2_staged_membership" (_row integer generated always as identity (cache 1000), "_from_value" text collate "C", "_to_value" text collate "C", "since" text collate "C") on commit drop;

copy /* intake/copy Membership */ "sluice_run_2_staged_membership" ("_from_value", "_to_value", "since");

/* produce/count-stored Membership */ select count(*) as count from "membership" where source_id = 1;

/* work-tables/measure */ analyze "sluice_run_2_staged_unit" (_row);

/* reconcile/forget-future-transactions */ delete from sluice_known_transaction where age(xid) < 0;

/* reconcile/find-external-writes Unit */ create temporary table "sluice_run_2_external" on commit drop as select o.resource_id, o.xmin as _base_version from "unit" o
  where not exists (
  select from sluice_known_transaction v where v.entity_type = 'Unit' and (v.checked_by is null or v.checked_by = 1) and v.xid = o.xmin);

/* reconcile/count-attached Unit */ select ((select count(*) from "replica_hr_unit"))::int as count;

/* work-tables/drop */ drop table "sluice_run_2_external";

/* reconcile/compare-with-replicas Unit */ create temporary table "sluice_run_2_candidates_unit" on commit drop as select s.*, hash_record_extended(row(s."code", s."name"), 1597108708320700) as _digest, r.resource_id as _replica_resource_id, r.digest as _replica_digest,
  r.ctid as _replica_place, r.resource_id as _resource_id
  from "sluice_run_2_staged_unit" s
  left join "replica_hr_unit" r on r.key = s."code"
  where r.digest is distinct from hash_record_extended(row(s."code", s."name"), 1597108708320700);

/* reconcile/count-candidates Unit */ select (count(*) filter (where _replica_resource_id is null))::int as unknown,
  (count(*) filter (where (("code" is not null and not (octet_length("code") <= 2500)))))::int as bad
  from "sluice_run_2_candidates_unit";

/* reconcile/count-replicas Unit */ select count(*)::int as count from "replica_hr_unit";

/* reconcile/find-disappeared Unit */ create temporary table "sluice_run_2_disappeared_unit" on commit drop as select r.key, r.resource_id from "replica_hr_unit" r
  where not exists (select from "sluice_run_2_staged_unit" s where s."code" = r.key);

/* reconcile/attach Unit */ create temporary table "sluice_run_2_attached_unit" on commit drop as select a."code", a."name", a."_digest", a."_replica_resource_id", a."_replica_digest", a."_replica_place", coalesce(a._resource_id, nextval('sluice_resource_id')) as _resource_id
  from "sluice_run_2_candidates_unit" a;

/* work-tables/measure */ analyze "sluice_run_2_staged_person" (_row);

/* reconcile/forget-future-transactions */ delete from sluice_known_transaction where age(xid) < 0;

/* reconcile/find-external-writes Person */ create temporary table "sluice_run_2_external" on commit drop as select o.resource_id, o.xmin as _base_version from "person" o
  where not exists (
  select from sluice_known_transaction v where v.entity_type = 'Person' and (v.checked_by is null or v.checked_by = 1) and v.xid = o.xmin);

/* reconcile/count-attached Person */ select ((select count(*) from "replica_hr_person"))::int as count;

/* work-tables/drop */ drop table "sluice_run_2_external";

/* reconcile/compare-with-replicas Person */ create temporary table "sluice_run_2_candidates_person" on commit drop as select s.*, hash_record_extended(row(s."number", s."name", s."grade", s."unit"), 3962659020009300) as _digest, r.resource_id as _replica_resource_id, r.digest as _replica_digest,
  r.ctid as _replica_place, r.resource_id as _resource_id
  from "sluice_run_2_staged_person" s
  left join "replica_hr_person" r on r.key = s."number"
  where r.digest is distinct from hash_record_extended(row(s."number", s."name", s."grade", s."unit"), 3962659020009300);

/* reconcile/count-candidates Person */ select (count(*) filter (where _replica_resource_id is null))::int as unknown,
  (count(*) filter (where (("number" is null) or ("grade" is not null and not case when length("grade") >= 1000 then false
  when "grade" ~ $1 then case when length("grade") <= 18 then true else "grade"::numeric between -9223372036854775808 and 9223372036854775807 end when "grade" ~ $2 then (case when right(translate(btrim("grade", $3), $4, '-'), 1) = '-' then '-' || left(translate(btrim("grade", $3), $4, '-'), -1) else translate(btrim("grade", $3), $4, '-') end)::numeric between -9223372036854775808 and 9223372036854775807 else false end) or ("unit" is not null and not (octet_length("unit") <= 2500)) or ("number" is not null and not (octet_length("number") <= 2500)))))::int as bad
  from "sluice_run_2_candidates_person";

/* reconcile/count-replicas Person */ select count(*)::int as count from "replica_hr_person";

/* reconcile/find-disappeared Person */ create temporary table "sluice_run_2_disappeared_person" on commit drop as select r.key, r.resource_id from "replica_hr_person" r
  where not exists (select from "sluice_run_2_staged_person" s where s."number" = r.key);

/* intake/find-bad-rows Person */ create temporary table "sluice_run_2_bad_rows" on commit drop as select * from "sluice_run_2_candidates_person" where (("number" is null) or ("grade" is not null and not case when length("grade") >= 1000 then false
  when "grade" ~ $1 then case when length("grade") <= 18 then true else "grade"::numeric between -9223372036854775808 and 9223372036854775807 end when "grade" ~ $2 then (case when right(translate(btrim("grade", $3), $4, '-'), 1) = '-' then '-' || left(translate(btrim("grade", $3), $4, '-'), -1) else translate(btrim("grade", $3), $4, '-') end)::numeric between -9223372036854775808 and 9223372036854775807 else false end) or ("unit" is not null and not (octet_length("unit") <= 2500)) or ("number" is not null and not (octet_length("number") <= 2500)));

/* rows/create-rejected */ create temporary table "sluice_run_2_rejected_rows" (mapping text not null, file text not null, line bigint, key text collate "C", column_name text, value text,
  reason text not null, row jsonb, stands boolean not null) on commit drop;

/* intake/record-bad-rows Person */ insert into "sluice_run_2_rejected_rows" (mapping, file, line, key, column_name, value, reason, row, stands)
  select r.*, TRUE from (select 'Person', 'p.csv', null::bigint, "number", 'n',
  left("number", 500), case when "number" is null then 'a value is required' else 'not a text' end, case when length(b::text) <= 100000 then (select jsonb_object_agg(f.key, f.value) from jsonb_each(to_jsonb(b)) f where f.key = any(array['number', 'name', 'grade', 'unit']::text[])) end
  from "sluice_run_2_bad_rows" b where "number" is null union all select 'Person', 'p.csv', null::bigint, "number", 'grade',
  left("grade", 500), case when "grade" is null then 'a value is required' else 'not a whole number' end, case when length(b::text) <= 100000 then (select jsonb_object_agg(f.key, f.value) from jsonb_each(to_jsonb(b)) f where f.key = any(array['number', 'name', 'grade', 'unit']::text[])) end
  from "sluice_run_2_bad_rows" b where "grade" is not null and not case when length("grade") >= 1000 then false
  when "grade" ~ $1 then case when length("grade") <= 18 then true else "grade"::numeric between -9223372036854775808 and 9223372036854775807 end when "grade" ~ $2 then (case when right(translate(btrim("grade", $3), $4, '-'), 1) = '-' then '-' || left(translate(btrim("grade", $3), $4, '-'), -1) else translate(btrim("grade", $3), $4, '-') end)::numeric between -9223372036854775808 and 9223372036854775807 else false end union all select 'Person', 'p.csv', null::bigint, "number", 'u',
  left("unit", 500), case when "unit" is null then 'a value is required' else $5 end, case when length(b::text) <= 100000 then (select jsonb_object_agg(f.key, f.value) from jsonb_each(to_jsonb(b)) f where f.key = any(array['number', 'name', 'grade', 'unit']::text[])) end
  from "sluice_run_2_bad_rows" b where "unit" is not null and not (octet_length("unit") <= 2500) union all select 'Person', 'p.csv', null::bigint, "number", 'n',
  left("number", 500), case when "number" is null then 'a value is required' else $6 end, case when length(b::text) <= 100000 then (select jsonb_object_agg(f.key, f.value) from jsonb_each(to_jsonb(b)) f where f.key = any(array['number', 'name', 'grade', 'unit']::text[])) end
  from "sluice_run_2_bad_rows" b where "number" is not null and not (octet_length("number") <= 2500)) r;

/* intake/remove-bad-rows Person */ delete from "sluice_run_2_candidates_person" s using "sluice_run_2_bad_rows" b where s._row = b._row;

/* work-tables/drop */ drop table "sluice_run_2_bad_rows";

/* reconcile/attach Person */ create temporary table "sluice_run_2_attached_person" on commit drop as select a."number", a."name", a."grade", a."unit", a."_digest", a."_replica_resource_id", a."_replica_digest", a."_replica_place", coalesce(a._resource_id, nextval('sluice_resource_id')) as _resource_id
  from "sluice_run_2_candidates_person" a;

/* resolve/lay-out-rows Person */ create temporary table "sluice_run_2_changes_person" on commit drop as select case when o.resource_id is null then 'insert' when ((o."number" is distinct from a."number") or (o."name" is distinct from a."name") or (o."grade" is distinct from a."grade")) then 'update' else 'same' end as _operation,
  a._resource_id as resource_id, a._key, o.xmin as _base_version, o.ctid as _base_place,
  null::boolean as _drift, a."number" as "number", a."name" as "name", a."grade" as "grade", o."unit_id" as "unit_id"
  from (select _resource_id, "number" as _key, ("number")::text collate "C" as "number", ("name")::text collate "C" as "name", (case when ascii("grade") between 43 and 57 and ascii(right("grade", 1)) between 48 and 57 then "grade"::bigint else ((case when right(translate(btrim("grade", $1), $2, '-'), 1) = '-' then '-' || left(translate(btrim("grade", $1), $2, '-'), -1) else translate(btrim("grade", $1), $2, '-') end)::numeric)::bigint end)::bigint as "grade" from "sluice_run_2_attached_person") a
  left join "person" o on o.resource_id = a._resource_id;

/* resolve/lay-out-rows Unit */ create temporary table "sluice_run_2_changes_unit" on commit drop as select case when o.resource_id is null then 'insert' when ((o."code" is distinct from a."code") or (o."name" is distinct from a."name")) then 'update' else 'same' end as _operation,
  a._resource_id as resource_id, a._key, o.xmin as _base_version, o.ctid as _base_place,
  null::boolean as _drift, a."code" as "code", a."name" as "name"
  from (select _resource_id, "code" as _key, ("code")::text collate "C" as "code", ("name")::text collate "C" as "name" from "sluice_run_2_attached_unit") a
  left join "unit" o on o.resource_id = a._resource_id;

/* resolve/lay-out-deletions Person */ insert into "sluice_run_2_changes_person" (_operation, resource_id, _key, _base_version, _base_place, "number", "name", "grade", "unit_id")
  select 'delete', g.resource_id, g.key, o.xmin, o.ctid, o."number", o."name", o."grade", o."unit_id"
  from "sluice_run_2_disappeared_person" g left join "person" o on o.resource_id = g.resource_id
  where not exists (select from "sluice_run_2_changes_person" c where c.resource_id = g.resource_id);

/* resolve/lay-out-deletions Unit */ insert into "sluice_run_2_changes_unit" (_operation, resource_id, _key, _base_version, _base_place, "code", "name")
  select 'delete', g.resource_id, g.key, o.xmin, o.ctid, o."code", o."name"
  from "sluice_run_2_disappeared_unit" g left join "unit" o on o.resource_id = g.resource_id
  where not exists (select from "sluice_run_2_changes_unit" c where c.resource_id = g.resource_id);

/* resolve/point-references Person */ update "sluice_run_2_changes_person" c set "unit_id" = "found_1".resource_id, _operation = case when c._operation = 'same' and (((c."unit_id" is distinct from "found_1".resource_id))) then 'update' else c._operation end
  from "sluice_run_2_attached_person" a left join (
  select x.value, case when count(*) = 1 then min(x.resource_id) end as resource_id
  from (select o."code" as value, o.resource_id from "unit" o where not exists (select from "sluice_run_2_changes_unit" c where c.resource_id = o.resource_id)
  union all select c."code", c.resource_id from "sluice_run_2_changes_unit" c where c._operation <> 'delete') x
  where x.value in (select "unit" from "sluice_run_2_attached_person" where "unit" is not null)
  group by x.value) "found_1" on "found_1".value = a."unit" where a._resource_id = c.resource_id;

/* resolve/record-orphans Person */ insert into "sluice_orphan_reference_change" (run_id, operation, source_id, entity_type, resource_id, property, value)
  select 2, c.* from (select 'delete', w.source_id, w.entity_type, w.resource_id, w.property, w.value
  from "sluice_run_2_attached_person" a
  join "sluice_run_2_changes_person" c on c.resource_id = a._resource_id
  join "sluice_orphan_reference" w on w.resource_id = a._resource_id and w.property = 'unit'
  where not (c."unit_id" is null and a."unit" is not null and w.value = a."unit") union all select 'insert', 1, 'Person', a._resource_id, 'unit', a."unit"
  from "sluice_run_2_attached_person" a
  join "sluice_run_2_changes_person" c on c.resource_id = a._resource_id
  where c."unit_id" is null and a."unit" is not null and not exists (select from "sluice_orphan_reference" w where w.resource_id = a._resource_id and w.property = 'unit' and w.value = a."unit")) c;

/* resolve/find-changed-keys Unit.code */ create temporary table "sluice_run_2_changed_keys_1_unit_code" on commit drop as select distinct x.value from (select c."code" as value from "sluice_run_2_changes_unit" c left join "unit" o on o.resource_id = c.resource_id where c._operation <> 'delete' and o."code" is distinct from c."code" union all select o."code" as value from "sluice_run_2_changes_unit" c left join "unit" o on o.resource_id = c.resource_id left join (select a._resource_id as resource_id from "sluice_run_2_attached_unit" a join "replica_hr_unit" r
  on r.key = a."code" and r.digest = a._digest) a on a.resource_id = c.resource_id where c._operation = 'delete' or (o."code" is distinct from c."code" and a.resource_id is null)) x where x.value is not null;

/* work-tables/analyze */ analyze "sluice_run_2_changed_keys_1_unit_code";

/* resolve/find-changed-key-resources Unit.code */ create temporary table "sluice_run_2_changed_key_resources_1_unit_code" on commit drop as select o.resource_id, o."code" as value from "unit" o where o."code" in (select value from "sluice_run_2_changed_keys_1_unit_code") and not exists (select from "sluice_run_2_changes_unit" c join (select a._resource_id as resource_id from "sluice_run_2_attached_unit" a join "replica_hr_unit" r
  on r.key = a."code" and r.digest = a._digest) a on a.resource_id = c.resource_id
  where c.resource_id = o.resource_id and c."code" is distinct from o."code") union all select c.resource_id, c._key from "sluice_run_2_changes_unit" c where c._operation = 'delete'
  and not exists (select from "unit" o where o.resource_id = c.resource_id);

/* work-tables/analyze */ analyze "sluice_run_2_changed_key_resources_1_unit_code";

/* resolve/find-affected-references Person.unit */ create temporary table "sluice_run_2_affected_references_person" on commit drop as select w.resource_id, w.value from "sluice_orphan_reference" w
  where w.source_id = 1 and w.entity_type = 'Person' and w.property = 'unit' and w.value in (select value from "sluice_run_2_changed_keys_1_unit_code")
  and ((not exists (select from "sluice_run_2_attached_person" a where a._resource_id = w.resource_id)) and (not exists (select from "sluice_run_2_changes_person" c where c.resource_id = w.resource_id and c._operation = 'delete')))
  union all
  select o.resource_id, k.value from "sluice_run_2_changed_key_resources_1_unit_code" k
  join "person" o on o."unit_id" = k.resource_id
  where not ((o._created_run in (select run.run_id from sluice_run run where run.cause in ('edit', 'revert')) or exists (select from sluice_free_resource f where f.resource_id = o.resource_id))) and ((not exists (select from "sluice_run_2_attached_person" a where a._resource_id = o.resource_id)) and (not exists (select from "sluice_run_2_changes_person" c where c.resource_id = o.resource_id and c._operation = 'delete')));

/* work-tables/drop */ drop table "sluice_run_2_affected_references_person";

/* work-tables/measure */ analyze "sluice_run_2_staged_membership" (_row);

/* resolve/assert-rows Membership */ create temporary table "sluice_run_2_pairs_1_membership" on commit drop as select p.*, f.resource_id as from_id, t.resource_id as to_id
  from (select _row, "_from_value" as _from_value, "_to_value" as _to_value,
  ((("_from_value" is not null and not (octet_length("_from_value") <= 1250)) or ("_to_value" is not null and not (octet_length("_to_value") <= 1250)) or ("since" is not null and not case when "since" like '____-__-__' then case when substr("since", 1, 2) = any($1) and substr("since", 3, 2) = any($2) and "since" >= '0001' and substr("since", 6, 2) = any($3) then substr("since", 9, 2) = any($4)
  or (substr("since", 9, 2) = any($5) and substr("since", 9, 2)::int between 1 and case when substr("since", 6, 2)::int in (4, 6, 9, 11) then 30 when substr("since", 6, 2)::int = 2 then case when (substr("since", 1, 4)::int % 4 = 0 and (substr("since", 1, 4)::int % 100 <> 0 or substr("since", 1, 4)::int % 400 = 0)) then 29 else 28 end else 31 end) else false end else false end))) as _bad, case when (("_from_value" is not null and not (octet_length("_from_value") <= 1250)) or ("_to_value" is not null and not (octet_length("_to_value") <= 1250)) or ("since" is not null and not case when "since" like '____-__-__' then case when substr("since", 1, 2) = any($1) and substr("since", 3, 2) = any($2) and "since" >= '0001' and substr("since", 6, 2) = any($3) then substr("since", 9, 2) = any($4)
  or (substr("since", 9, 2) = any($5) and substr("since", 9, 2)::int between 1 and case when substr("since", 6, 2)::int in (4, 6, 9, 11) then 30 when substr("since", 6, 2)::int = 2 then case when (substr("since", 1, 4)::int % 4 = 0 and (substr("since", 1, 4)::int % 100 <> 0 or substr("since", 1, 4)::int % 400 = 0)) then 29 else 28 end else 31 end) else false end else false end)) then null::date else "since"::date end as "since"
  from "sluice_run_2_staged_membership") p
  left join (
  select x.value, case when count(*) = 1 then min(x.resource_id) end as resource_id
  from (select o."number" as value, o.resource_id from "person" o where not exists (select from "sluice_run_2_changes_person" c where c.resource_id = o.resource_id)
  union all select c."number", c.resource_id from "sluice_run_2_changes_person" c where c._operation <> 'delete') x
  where x.value in (select "_from_value" from "sluice_run_2_staged_membership")
  group by x.value) f on f.value = p._from_value
  left join (
  select x.value, case when count(*) = 1 then min(x.resource_id) end as resource_id
  from (select o."code" as value, o.resource_id from "unit" o where not exists (select from "sluice_run_2_changes_unit" c where c.resource_id = o.resource_id)
  union all select c."code", c.resource_id from "sluice_run_2_changes_unit" c where c._operation <> 'delete') x
  where x.value in (select "_to_value" from "sluice_run_2_staged_membership")
  group by x.value) t on t.value = p._to_value;

/* work-tables/analyze */ analyze "sluice_run_2_pairs_1_membership";

/* resolve/count-orphans Membership */ select count(*)::int as orphan from "sluice_run_2_pairs_1_membership" where _row is not null and not _bad and (from_id is null or to_id is null);

/* resolve/count-bad-pairs Membership */ select count(*)::int as bad from "sluice_run_2_pairs_1_membership" where _bad;

/* resolve/compare-pairs Membership */ create temporary table "sluice_run_2_link_changes_1_membership" on commit drop as select 'delete' as _operation, null::boolean as _drift, 1 as source_id, l.from_id, l.to_id, l."since"
  from (select l.* from "membership" l where l.source_id = 1) l
  where not exists (select from "sluice_run_2_pairs_1_membership" p where p.from_id = l.from_id and p.to_id = l.to_id)
  union all
  select case when l.from_id is null then 'insert' else 'update' end, null, 1, p.from_id, p.to_id, p."since"
  from "sluice_run_2_pairs_1_membership" p
  left join "membership" l on l.source_id = 1 and l.from_id = p.from_id and l.to_id = p.to_id
  where not p._bad and p.from_id is not null and p.to_id is not null and ((l.from_id is null) or (l."since" is distinct from p."since"));

/* resolve/compare-waiting-pairs Membership */ insert into "sluice_orphan_link_change" (run_id, operation, source_id, association, from_value, to_value, properties)
  select 2, c.* from (select 'delete', 1, 'Membership', w.from_value, w.to_value, null::jsonb from (select w.* from "sluice_orphan_link" w
  where w.source_id = 1 and w.association = 'Membership') w
  where not exists (select from "sluice_run_2_pairs_1_membership" p where w.from_value = p._from_value and w.to_value = p._to_value and not p._bad and (p.from_id is null or p.to_id is null) and (p._row is null or w.properties is not distinct from jsonb_strip_nulls(jsonb_build_object('since', p."since"::text))))
  union all
  select 'insert', 1, 'Membership', p._from_value, p._to_value, jsonb_strip_nulls(jsonb_build_object('since', p."since"::text)) from "sluice_run_2_pairs_1_membership" p
  where not p._bad and (p.from_id is null or p.to_id is null) and not exists (select from "sluice_orphan_link" w where w.source_id = 1 and w.association = 'Membership' and w.from_value = p._from_value and w.to_value = p._to_value and (p._row is null or w.properties is not distinct from jsonb_strip_nulls(jsonb_build_object('since', p."since"::text))))) c;

/* people/have-edited */ select exists (select where exists (select run.run_id from sluice_run run where run.cause in ('edit', 'revert')) or exists (select from sluice_free_resource f)) as found;

/* changes/count */ select 'sluice_run_2_changes_person' as name, _operation as operation, count(*) as count from "sluice_run_2_changes_person" group by _operation union all select 'sluice_run_2_changes_unit' as name, _operation as operation, count(*) as count from "sluice_run_2_changes_unit" group by _operation union all select 'sluice_run_2_link_changes_1_membership' as name, _operation as operation, count(*) as count from "sluice_run_2_link_changes_1_membership" group by _operation;

/* changes/forget-orphans Person */ insert into "sluice_orphan_reference_change" (run_id, operation, source_id, entity_type, resource_id, property, value)
  select 2, c.* from (select 'delete', w.source_id, w.entity_type, w.resource_id, w.property, w.value
  from "sluice_orphan_reference" w join "sluice_run_2_changes_person" c on c.resource_id = w.resource_id where c._operation = 'delete') c;

/* changes/forget-orphans Unit */ insert into "sluice_orphan_reference_change" (run_id, operation, source_id, entity_type, resource_id, property, value)
  select 2, c.* from (select 'delete', w.source_id, w.entity_type, w.resource_id, w.property, w.value
  from "sluice_orphan_reference" w join "sluice_run_2_changes_unit" c on c.resource_id = w.resource_id where c._operation = 'delete') c;

/* changes/index */ create index if not exists "sluice_run_2_changes_unit_id" on "sluice_run_2_changes_unit" (resource_id);

/* produce/remembered-mappings */ select mapping, definition from sluice_mapping join sluice_source source using (source_id)
  where source.name = $1;

/* produce/count-updated-rows Person */ select count(*)::int as count from "sluice_run_2_changes_person" c where _operation = 'update' and exists (select from "sluice_run_2_attached_person" a where a._resource_id = c.resource_id);

/* produce/count-updated-rows Person */ select count(*)::int as count from "sluice_run_2_changes_person" c where _operation = 'update' and exists (select from "replica_hr_person" r
  where r.key = c._key and r.resource_id = c.resource_id) and not exists (select from "sluice_run_2_rejected_rows" x
  where x.mapping = 'Person' and x.key = c._key) and not exists (select from "sluice_run_2_attached_person" a where a._resource_id = c.resource_id);

/* produce/count-orphans Person */ select (select count(*) from "sluice_orphan_reference" where entity_type = 'Person') as stored,
  (select coalesce(sum(case operation when 'insert' then 1 else -1 end), 0)
  from (select * from "sluice_orphan_reference_change" where run_id = 2) c where entity_type = 'Person') as growth;

/* rows/refer-to-same-rejected */ with last as materialized (select (select coalesce(last.rejected_run, last.run_id) from sluice_run last
  where last.source_id = 1 and last.state = 'applied' order by last.run_id desc limit 1) as list),
  counts as materialized (select (select count(*) from "sluice_run_2_rejected_rows") as own,
  (select count(*) from last join sluice_rejected_row r on r.run_id = last.list) as former)
  update sluice_run set rejected_run = last.list from last, counts
  where run_id = 2 and counts.own > 0
  and case when counts.own = counts.former then not exists ((select mapping, file, line, key, column_name, value, reason, row, stands from "sluice_run_2_rejected_rows") except all (select mapping, file, line, key, column_name, value, reason, row, stands from sluice_rejected_row r where r.run_id = last.list)) else false end;

/* rows/write-rejected */ insert into sluice_rejected_row (run_id, mapping, file, line, key, column_name, value, reason, row, stands) select 2, mapping, file, line, key, column_name, value, reason, row, stands from "sluice_run_2_rejected_rows" order by ctid;

/* apply/record-history Person */ insert into sluice_history (run_id, entity_type, resource_id, operation, key, before, after, drift, exact)
  select 2, 'Person', c.resource_id, c._operation, c._key, case c._operation when 'delete' then (select coalesce(jsonb_object_agg(v.name, v.value), '{}'::jsonb) from (values ('number', to_jsonb(o."number")), ('name', to_jsonb(o."name")), ('grade', to_jsonb(o."grade")), ('unit', to_jsonb(case when o."unit_id" is not null then coalesce((select x."name"::text from "unit" x where x.resource_id = o."unit_id"), (select x."name"::text from "sluice_run_2_changes_unit" x where x.resource_id = o."unit_id" limit 1), o."unit_id"::text) end))) v(name, value) where v.value is not null) when 'update' then (case when ((o."number" is distinct from c."number") or (o."name" is distinct from c."name") or (o."grade" is distinct from c."grade") or (o."unit_id" is distinct from c."unit_id")) then (case when o."number" is distinct from c."number" then jsonb_object(array['number', o."number"]::text[]) else '{}'::jsonb end || case when o."name" is distinct from c."name" then jsonb_object(array['name', o."name"]::text[]) else '{}'::jsonb end || case when o."grade" is distinct from c."grade" then jsonb_build_object('grade', o."grade") else '{}'::jsonb end || case when o."unit_id" is distinct from c."unit_id" then jsonb_object(array['unit', case when o."unit_id" is not null then coalesce((select x."name"::text from "unit" x where x.resource_id = o."unit_id"), (select x."name"::text from "sluice_run_2_changes_unit" x where x.resource_id = o."unit_id" limit 1), o."unit_id"::text) end]::text[]) else '{}'::jsonb end) else '{}'::jsonb end) end as before,
  case c._operation when 'update' then (case when ((o."number" is distinct from c."number") or (o."name" is distinct from c."name") or (o."grade" is distinct from c."grade") or (o."unit_id" is distinct from c."unit_id")) then (case when o."number" is distinct from c."number" then jsonb_object(array['number', c."number"]::text[]) else '{}'::jsonb end || case when o."name" is distinct from c."name" then jsonb_object(array['name', c."name"]::text[]) else '{}'::jsonb end || case when o."grade" is distinct from c."grade" then jsonb_build_object('grade', c."grade") else '{}'::jsonb end || case when o."unit_id" is distinct from c."unit_id" then jsonb_object(array['unit', case when c."unit_id" is not null then coalesce((select x."name"::text from "unit" x where x.resource_id = c."unit_id"), (select x."name"::text from "sluice_run_2_changes_unit" x where x.resource_id = c."unit_id" limit 1), c."unit_id"::text) end]::text[]) else '{}'::jsonb end) else '{}'::jsonb end) end as after,
  coalesce(c._drift, false) as drift, case c._operation when 'update' then case when ((o."unit_id" is distinct from c."unit_id")) then jsonb_strip_nulls(jsonb_build_object('before', (jsonb_build_object('unit', case when o."unit_id" is distinct from c."unit_id" then to_jsonb(o."unit_id") end)), 'after', (jsonb_build_object('unit', case when o."unit_id" is distinct from c."unit_id" then to_jsonb(c."unit_id") end)))) end when 'delete' then case when ((o."unit_id" is not null)) then jsonb_strip_nulls(jsonb_build_object('before', (jsonb_build_object('unit', to_jsonb(o."unit_id"))))) end end
  from "sluice_run_2_changes_person" c left join "person" o on o.ctid = c._base_place and o.resource_id = c.resource_id where c._operation = 'insert' or o.resource_id is not null;

/* apply/record-history Unit */ insert into sluice_history (run_id, entity_type, resource_id, operation, key, before, after, drift)
  select 2, 'Unit', c.resource_id, c._operation, c._key, case c._operation when 'delete' then (select coalesce(jsonb_object_agg(v.name, v.value), '{}'::jsonb) from (values ('code', to_jsonb(o."code")), ('name', to_jsonb(o."name"))) v(name, value) where v.value is not null) end as before,
  case c._operation when 'insert' then (select coalesce(jsonb_object_agg(v.name, v.value), '{}'::jsonb) from (values ('code', to_jsonb(c."code")), ('name', to_jsonb(c."name"))) v(name, value) where v.value is not null) end as after,
  coalesce(c._drift, false) as drift
  from "sluice_run_2_changes_unit" c left join "unit" o on o.ctid = c._base_place and o.resource_id = c.resource_id where c._operation = 'insert' or o.resource_id is not null;

/* apply/record-link-history Membership */ insert into sluice_link_history (run_id, association, operation, source_id, from_id, to_id, before, after, drift)
  select 2, 'Membership', c._operation, c.source_id, c.from_id, c.to_id, case c._operation when 'delete' then (select coalesce(jsonb_object_agg(v.name, v.value), '{}'::jsonb) from (values ('since', to_jsonb(l."since"))) v(name, value) where v.value is not null) when 'update' then (case when ((l."since" is distinct from c."since")) then (case when l."since" is distinct from c."since" then jsonb_build_object('since', l."since") else '{}'::jsonb end) else '{}'::jsonb end) end as before,
  case c._operation when 'update' then (case when ((l."since" is distinct from c."since")) then (case when l."since" is distinct from c."since" then jsonb_build_object('since', c."since") else '{}'::jsonb end) else '{}'::jsonb end) end as after,
  coalesce(c._drift, false) as drift
  from "sluice_run_2_link_changes_1_membership" c left join "membership" l on l.source_id = c.source_id and l.from_id = c.from_id and l.to_id = c.to_id;

/* apply/delete Person */ delete from "person" o using "sluice_run_2_changes_person" c where c._operation = 'delete' and o.ctid = c._base_place and o.resource_id = c.resource_id;

/* apply/update Person */ update "person" o set "number" = c."number", "name" = c."name", "grade" = c."grade", "unit_id" = c."unit_id", _changed_run = 2
  from "sluice_run_2_changes_person" c where c._operation = 'update' and o.ctid = c._base_place and o.resource_id = c.resource_id and c._base_version in (select v.xid from sluice_known_transaction v where v.entity_type = 'Person' and (v.checked_by is null));

/* apply/delete Unit */ delete from "unit" o using "sluice_run_2_changes_unit" c where c._operation = 'delete' and o.ctid = c._base_place and o.resource_id = c.resource_id;

/* apply/insert Unit */ insert into "unit" (resource_id, _created_run, "code", "name")
  select c.resource_id, 2, c."code", c."name"
  from "sluice_run_2_changes_unit" c where c._operation = 'insert';

/* apply/write-replicas replica_hr_person */ with changes as materialized (select * from (select case when a._replica_resource_id is null then 'insert' else 'update' end as operation,
  a."number" as key, a._resource_id as resource_id, a._digest as digest, a._replica_place as place
  from "sluice_run_2_attached_person" a
  where a._replica_resource_id is distinct from a._resource_id or a._replica_digest is distinct from a._digest union all select 'delete' as operation, g.key, g.resource_id, null::bigint as digest, null::tid as place
  from "sluice_run_2_disappeared_person" g) c),
  gone as (delete from "replica_hr_person" r using changes c where c.operation = 'delete' and r.key = c.key
  returning r.key, r.resource_id),
  remembered as (insert into sluice_replica_history (run_id, source_id, entity_type, key, resource_id, operation)
  select 2, (select source_id from sluice_source where name = $1), 'Person', g.key, g.resource_id, 'delete' from gone g),
  new as (insert into "replica_hr_person" (key, resource_id, digest)
  select c.key, c.resource_id, c.digest from changes c where c.operation = 'insert'),
  found as (update "replica_hr_person" r set resource_id = c.resource_id, digest = c.digest from changes c
  where c.operation = 'update' and r.ctid = c.place and r.key = c.key returning 1)
  select (select count(*) from changes where operation = 'update')::int as updated,
  (select count(*) from found)::int as found;

/* apply/write-replicas replica_hr_unit */ with changes as materialized (select * from (select case when a._replica_resource_id is null then 'insert' else 'update' end as operation,
  a."code" as key, a._resource_id as resource_id, a._digest as digest, a._replica_place as place
  from "sluice_run_2_attached_unit" a
  where a._replica_resource_id is distinct from a._resource_id or a._replica_digest is distinct from a._digest union all select 'delete' as operation, g.key, g.resource_id, null::bigint as digest, null::tid as place
  from "sluice_run_2_disappeared_unit" g) c),
  gone as (delete from "replica_hr_unit" r using changes c where c.operation = 'delete' and r.key = c.key
  returning r.key, r.resource_id),
  remembered as (insert into sluice_replica_history (run_id, source_id, entity_type, key, resource_id, operation)
  select 2, (select source_id from sluice_source where name = $1), 'Unit', g.key, g.resource_id, 'delete' from gone g),
  new as (insert into "replica_hr_unit" (key, resource_id, digest)
  select c.key, c.resource_id, c.digest from changes c where c.operation = 'insert'),
  found as (update "replica_hr_unit" r set resource_id = c.resource_id, digest = c.digest from changes c
  where c.operation = 'update' and r.ctid = c.place and r.key = c.key returning 1)
  select (select count(*) from changes where operation = 'update')::int as updated,
  (select count(*) from found)::int as found;

/* apply/delete-links Membership */ delete from "membership" l using "sluice_run_2_link_changes_1_membership" c where c._operation = 'delete' and l.source_id = c.source_id and l.from_id = c.from_id and l.to_id = c.to_id;

/* apply/update-links Membership */ update "membership" l set "since" = c."since", _changed_run = 2
  from "sluice_run_2_link_changes_1_membership" c where c._operation = 'update' and l.source_id = c.source_id and l.from_id = c.from_id and l.to_id = c.to_id;

/* apply/count-orphan-changes */ select r.all as "references", l.all as links, r.new as "newReferences", l.new as "newLinks"
  from (select count(*)::int as all, (count(*) filter (where operation = 'insert'))::int as new from (select * from "sluice_orphan_reference_change" where run_id = 2) c) r, (select count(*)::int as all, (count(*) filter (where operation = 'insert'))::int as new from (select * from "sluice_orphan_link_change" where run_id = 2) c) l;

/* apply/delete-orphan-references */ delete from "sluice_orphan_reference" w using (select * from "sluice_orphan_reference_change" where run_id = 2) c
  where c.operation = 'delete' and w.resource_id = c.resource_id and w.property = c.property;

/* apply/insert-orphan-references */ insert into "sluice_orphan_reference" (source_id, entity_type, resource_id, property, value)
  select source_id, entity_type, resource_id, property, value from (select * from "sluice_orphan_reference_change" where run_id = 2) c where operation = 'insert';

/* apply/delete-orphan-links */ delete from "sluice_orphan_link" w using (select * from "sluice_orphan_link_change" where run_id = 2) c
  where c.operation = 'delete' and w.source_id = c.source_id and w.association = c.association
  and w.from_value = c.from_value and w.to_value = c.to_value;

/* apply/insert-orphan-links */ insert into "sluice_orphan_link" (source_id, association, from_value, to_value, properties)
  select source_id, association, from_value, to_value, properties from (select * from "sluice_orphan_link_change" where run_id = 2) c where operation = 'insert'
  on conflict do nothing;

/* changes/drop-orphan-changes */ delete from "sluice_orphan_reference_change" where run_id = 2;

/* changes/drop-orphan-changes */ delete from "sluice_orphan_link_change" where run_id = 2;

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

/* apply/count-resource-growth */ update sluice_resource_count c set resources = c.resources + j.growth
  from jsonb_to_recordset($1::jsonb) j("entityType" text, growth bigint)
  where c.entity_type = j."entityType";

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

/* orders/standing-subjects */ select distinct coalesce(o.entity_type, o.association) as name, o.association is not null as is_link
  from sluice_order o where o.source_id = 1 and o.state in ('pending', 'executed', 'contradicted', 'overdue');

/* runs/close */ update sluice_run set state = 'applied', finished_at = clock_timestamp(),
  report = $1::jsonb, change_set = $2::jsonb
  where run_id = 2 and state in ('running');

/* queue/passed */ update sluice_delivery d
  set state = 'applied', reason = $1, finished_at = now(), aside_at = NULL,
  deaths = d.deaths
  where d.delivery_id = $2 and d.state in ('ready');

/* queue/next-delivery */ select d.delivery_id, source.name as source, d.mode, d.state, d.reason, d.position, d.manifest,
  d.base, d.declared, d.announced_at, d.receive_milliseconds, d.by_kind, d.by_name,
  (select max(run.run_id) from sluice_run run where run.delivery_id = d.delivery_id) as run_id
  from sluice_delivery d join sluice_source source using (source_id) where source.name = $1 and d.state in ('announced', 'ready', 'held', 'aside')
  order by d.position limit 1;

-- 104 statements
