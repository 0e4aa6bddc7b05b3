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

/* reconcile/count-replicas Unit */ select count(*)::int as count from "replica_hr_unit";

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

/* reconcile/count-replicas Person */ select count(*)::int as count from "replica_hr_person";

/* work-tables/measure */ analyze "sluice_run_2_staged_membership" (_row);

/* resolve/assert-rows Membership */ create temporary table "sluice_run_2_pairs_1_membership" on commit drop as select p.*, f.resource_id as from_id, t.resource_id as to_id
  from (select _row, "_from_value" as _from_value, "_to_value" as _to_value,
  ((("_from_value" is not null and not (octet_length("_from_value") <= 1250)) or ("_to_value" is not null and not (octet_length("_to_value") <= 1250)) or ("since" is not null and not case when "since" like '____-__-__' then case when substr("since", 1, 2) = any($1) and substr("since", 3, 2) = any($2) and "since" >= '0001' and substr("since", 6, 2) = any($3) then substr("since", 9, 2) = any($4)
  or (substr("since", 9, 2) = any($5) and substr("since", 9, 2)::int between 1 and case when substr("since", 6, 2)::int in (4, 6, 9, 11) then 30 when substr("since", 6, 2)::int = 2 then case when (substr("since", 1, 4)::int % 4 = 0 and (substr("since", 1, 4)::int % 100 <> 0 or substr("since", 1, 4)::int % 400 = 0)) then 29 else 28 end else 31 end) else false end else false end))) as _bad, case when (("_from_value" is not null and not (octet_length("_from_value") <= 1250)) or ("_to_value" is not null and not (octet_length("_to_value") <= 1250)) or ("since" is not null and not case when "since" like '____-__-__' then case when substr("since", 1, 2) = any($1) and substr("since", 3, 2) = any($2) and "since" >= '0001' and substr("since", 6, 2) = any($3) then substr("since", 9, 2) = any($4)
  or (substr("since", 9, 2) = any($5) and substr("since", 9, 2)::int between 1 and case when substr("since", 6, 2)::int in (4, 6, 9, 11) then 30 when substr("since", 6, 2)::int = 2 then case when (substr("since", 1, 4)::int % 4 = 0 and (substr("since", 1, 4)::int % 100 <> 0 or substr("since", 1, 4)::int % 400 = 0)) then 29 else 28 end else 31 end) else false end else false end)) then null::date else "since"::date end as "since"
  from "sluice_run_2_staged_membership") p
  left join (
  select x.value, case when count(*) = 1 then min(x.resource_id) end as resource_id
  from (select o."number" as value, o.resource_id from "person" o) x
  where x.value in (select "_from_value" from "sluice_run_2_staged_membership")
  group by x.value) f on f.value = p._from_value
  left join (
  select x.value, case when count(*) = 1 then min(x.resource_id) end as resource_id
  from (select o."code" as value, o.resource_id from "unit" o) x
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

/* changes/count */ select 'sluice_run_2_link_changes_1_membership' as name, _operation as operation, count(*) as count from "sluice_run_2_link_changes_1_membership" group by _operation;

/* produce/remembered-mappings */ select mapping, definition from sluice_mapping join sluice_source source using (source_id)
  where source.name = $1;

/* produce/count-orphans Person */ select (select count(*) from "sluice_orphan_reference" where entity_type = 'Person') as stored,
  (select coalesce(sum(case operation when 'insert' then 1 else -1 end), 0)
  from (select * from "sluice_orphan_reference_change" where run_id = 2) c where entity_type = 'Person') as growth;

/* apply/count-orphan-changes */ select r.all as "references", l.all as links, r.new as "newReferences", l.new as "newLinks"
  from (select count(*)::int as all, (count(*) filter (where operation = 'insert'))::int as new from (select * from "sluice_orphan_reference_change" where run_id = 2) c) r, (select count(*)::int as all, (count(*) filter (where operation = 'insert'))::int as new from (select * from "sluice_orphan_link_change" where run_id = 2) c) l;

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

-- 51 statements
