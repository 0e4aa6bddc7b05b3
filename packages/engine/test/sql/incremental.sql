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

/* queue/ends-of-chains */ select source.name as source, source.applied_delivery as applied,
  (select d.delivery_id from sluice_delivery d
  where d.source_id = source.source_id and d.state in ('ready', 'held', 'aside')
  order by d.position desc limit 1) as waiting,
  (select run.run_id from sluice_run run
  where run.source_id = source.source_id and run.state in ('held')
  order by run.run_id desc limit 1) as held,
  (select d.delivery_id from sluice_delivery d
  where d.source_id = source.source_id and d.state in ('aside')
  order by d.position limit 1) as aside
  from sluice_source source where source.name = any($1::text[]);

/* suspensions/read */ select s.name as source, x.suspended_at as since, x.until_at as until, x.reason,
  json_build_object('kind', x.by_kind, 'name', x.by_name) as by
  from sluice_suspension x join sluice_source s using (source_id) where x.resumed_at is null and (x.until_at is null or x.until_at > clock_timestamp()) and s.name = $1;

/* produce/remembered-mappings */ select mapping, definition from sluice_mapping join sluice_source source using (source_id)
  where source.name = $1;

/* runs/begin */ insert into sluice_run (cause, by_kind, by_name, delivery_id, source_id, mode, state, forced, comment, reverts)
  select 'delivery', 'program', $1, $2::uuid,
  (select source_id from sluice_source where name = $3), 'incremental', 'running', FALSE, NULL, NULL where set_config('synchronous_commit', 'off', true) is not null
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

/* produce/remembered-counts */ select mapping, stored, rejected from sluice_stored where source_id = 1;

/* intake/create-staging Person */ create temporary table "sluice_run_2_staged_person" (_row integer generated always as identity (cache 1000), _command text collate "C" not null check (_command in ('insert', 'update', 'delete', 'merge')), "number" text collate "C", "name" text collate "C", "grade" text collate "C", "unit" text collate "C") on commit drop;

copy /* intake/copy Person */ "sluice_run_2_staged_person" ("_command", "number", "name", "grade", "unit");

/* intake/create-staging Unit */ create temporary table "sluice_run_2_staged_unit" (_row integer generated always as identity (cache 1000), _command text collate "C" not null check (_command in ('insert', 'update', 'delete', 'merge')), "code" text collate "C", "name" text collate "C") on commit drop;

copy /* intake/copy Unit */ "sluice_run_2_staged_unit" ("_command", "code", "name");

/* intake/create-staging Membership */ create temporary table "sluice_run_2_staged_membership" (_row integer generated always as identity (cache 1000), _command text collate "C" not null check (_command in ('insert', 'update', 'delete', 'merge')), "_from_value" text collate "C", "_to_value" text collate "C", "since" text collate "C") on commit drop;

copy /* intake/copy Membership */ "sluice_run_2_staged_membership" ("_command", "_from_value", "_to_value", "since");

/* reconcile/net-commands Unit */ create temporary table "sluice_run_2_candidates_unit" on commit drop as select s.*, hash_record_extended(row(s."code", s."name"), 1597108708320700) as _digest, r.resource_id as _replica_resource_id, r.digest as _replica_digest,
  r.ctid as _replica_place, r.resource_id as _resource_id, k.commands as _commands,
  case
  when k.made > k.deleted or (k.deleted = 0 and r.key is not null) then 'upsert'
  when k.deleted > 0 then 'delete'
  else 'refused'
  end as _outcome, r.key is not null as _known,
  (k.commands > 1 and (k.deleted > 0 or not r.key is not null)) or (s._command = 'update' and not r.key is not null) as _doubtful
  from "sluice_run_2_staged_unit" s
  join (
  select "code" as key, count(*) as commands, max(_row) as last,
  coalesce(max(_row) filter (where _command = 'delete'), 0) as deleted,
  coalesce(max(_row) filter (where _command in ('insert', 'merge')), 0) as made
  from "sluice_run_2_staged_unit" where "code" is not null group by "code"
  ) k on k.last = s._row
  left join "replica_hr_unit" r on r.key = s."code";

/* reconcile/count-outcomes Unit */ select coalesce(sum(_commands), 0)::int as commands, count(*)::int as keys,
  (count(*) filter (where _outcome = 'upsert' and _replica_digest is distinct from _digest))::int as changes,
  (count(*) filter (where _outcome = 'upsert' and _replica_digest is distinct from _digest and _replica_resource_id is null))::int as unknown,
  (count(*) filter (where _outcome = 'upsert' and _replica_digest is distinct from _digest and (("code" is not null and not (octet_length("code") <= 2500)))))::int as bad,
  (count(*) filter (where _outcome = 'delete'))::int as deletes,
  (count(*) filter (where _outcome = 'refused'))::int as refused,
  (count(*) filter (where _doubtful))::int as doubtful
  from "sluice_run_2_candidates_unit";

/* reconcile/net-commands Person */ create temporary table "sluice_run_2_candidates_person" on commit drop as select s.*, hash_record_extended(row(s."number", s."name", s."grade", s."unit"), 3962659020009300) as _digest, r.resource_id as _replica_resource_id, r.digest as _replica_digest,
  r.ctid as _replica_place, r.resource_id as _resource_id, k.commands as _commands,
  case
  when k.made > k.deleted or (k.deleted = 0 and r.key is not null) then 'upsert'
  when k.deleted > 0 then 'delete'
  else 'refused'
  end as _outcome, r.key is not null as _known,
  (k.commands > 1 and (k.deleted > 0 or not r.key is not null)) or (s._command = 'update' and not r.key is not null) as _doubtful
  from "sluice_run_2_staged_person" s
  join (
  select "number" as key, count(*) as commands, max(_row) as last,
  coalesce(max(_row) filter (where _command = 'delete'), 0) as deleted,
  coalesce(max(_row) filter (where _command in ('insert', 'merge')), 0) as made
  from "sluice_run_2_staged_person" where "number" is not null group by "number"
  ) k on k.last = s._row
  left join "replica_hr_person" r on r.key = s."number";

/* reconcile/count-outcomes Person */ select coalesce(sum(_commands), 0)::int as commands, count(*)::int as keys,
  (count(*) filter (where _outcome = 'upsert' and _replica_digest is distinct from _digest))::int as changes,
  (count(*) filter (where _outcome = 'upsert' and _replica_digest is distinct from _digest and _replica_resource_id is null))::int as unknown,
  (count(*) filter (where _outcome = 'upsert' and _replica_digest is distinct from _digest and (("number" is null) or ("grade" is not null and not case when length("grade") >= 1000 then false
  when "grade" ~ $1 then case when length("grade") <= 18 then true else "grade"::numeric between -9223372036854775808 and 9223372036854775807 end when "grade" ~ $2 then (case when right(translate(btrim("grade", $3), $4, '-'), 1) = '-' then '-' || left(translate(btrim("grade", $3), $4, '-'), -1) else translate(btrim("grade", $3), $4, '-') end)::numeric between -9223372036854775808 and 9223372036854775807 else false end) or ("unit" is not null and not (octet_length("unit") <= 2500)) or ("number" is not null and not (octet_length("number") <= 2500)))))::int as bad,
  (count(*) filter (where _outcome = 'delete'))::int as deletes,
  (count(*) filter (where _outcome = 'refused'))::int as refused,
  (count(*) filter (where _doubtful))::int as doubtful
  from "sluice_run_2_candidates_person";

/* reconcile/find-deleted Person */ create temporary table "sluice_run_2_disappeared_person" on commit drop as select "number" as key, _replica_resource_id as resource_id from "sluice_run_2_candidates_person"
  where _outcome = 'delete' and _replica_place is not null;

/* reconcile/keep-news Person */ delete from "sluice_run_2_candidates_person" where not (_outcome = 'upsert' and _replica_digest is distinct from _digest);

/* reconcile/attach Person */ create temporary table "sluice_run_2_attached_person" on commit drop as select a."number", a."name", a."grade", a."unit", a."_digest", a."_replica_resource_id", a."_replica_digest", a."_replica_place", coalesce(a._resource_id, nextval('sluice_resource_id')) as _resource_id
  from "sluice_run_2_candidates_person" a;

/* resolve/lay-out-rows Person */ create temporary table "sluice_run_2_changes_person" on commit drop as select case when o.resource_id is null then 'insert' when ((o."number" is distinct from a."number") or (o."name" is distinct from a."name") or (o."grade" is distinct from a."grade")) then 'update' else 'same' end as _operation,
  a._resource_id as resource_id, a._key, o.xmin as _base_version, o.ctid as _base_place,
  null::boolean as _drift, a."number" as "number", a."name" as "name", a."grade" as "grade", o."unit_id" as "unit_id"
  from (select _resource_id, "number" as _key, ("number")::text collate "C" as "number", ("name")::text collate "C" as "name", (case when ascii("grade") between 43 and 57 and ascii(right("grade", 1)) between 48 and 57 then "grade"::bigint else ((case when right(translate(btrim("grade", $1), $2, '-'), 1) = '-' then '-' || left(translate(btrim("grade", $1), $2, '-'), -1) else translate(btrim("grade", $1), $2, '-') end)::numeric)::bigint end)::bigint as "grade" from "sluice_run_2_attached_person") a
  left join "person" o on o.resource_id = a._resource_id;

/* resolve/lay-out-deletions Person */ insert into "sluice_run_2_changes_person" (_operation, resource_id, _key, _base_version, _base_place, "number", "name", "grade", "unit_id")
  select 'delete', g.resource_id, g.key, o.xmin, o.ctid, o."number", o."name", o."grade", o."unit_id"
  from "sluice_run_2_disappeared_person" g left join "person" o on o.resource_id = g.resource_id
  where not exists (select from "sluice_run_2_changes_person" c where c.resource_id = g.resource_id);

/* resolve/point-references Person */ update "sluice_run_2_changes_person" c set "unit_id" = "found_1".resource_id, _operation = case when c._operation = 'same' and (((c."unit_id" is distinct from "found_1".resource_id))) then 'update' else c._operation end
  from "sluice_run_2_attached_person" a left join (
  select x.value, case when count(*) = 1 then min(x.resource_id) end as resource_id
  from (select o."code" as value, o.resource_id from "unit" o where o."code" in (select "unit" from "sluice_run_2_attached_person" where "unit" is not null)) x
  where x.value is not null
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

/* resolve/find-changed-keys Person.number */ create temporary table "sluice_run_2_changed_keys_2_person_number" on commit drop as select distinct x.value from (select c."number" as value from "sluice_run_2_changes_person" c left join "person" o on o.resource_id = c.resource_id where c._operation <> 'delete' and o."number" is distinct from c."number" union all select o."number" as value from "sluice_run_2_changes_person" c left join "person" o on o.resource_id = c.resource_id left join (select a._resource_id as resource_id from "sluice_run_2_attached_person" a join "replica_hr_person" r
  on r.key = a."number" and r.digest = a._digest) a on a.resource_id = c.resource_id where c._operation = 'delete') x where x.value is not null;

/* work-tables/analyze */ analyze "sluice_run_2_changed_keys_2_person_number";

/* resolve/find-changed-key-resources Person.number */ create temporary table "sluice_run_2_changed_key_resources_2_person_number" on commit drop as select o.resource_id, o."number" as value from "person" o where o."number" in (select value from "sluice_run_2_changed_keys_2_person_number") and not exists (select from "sluice_run_2_changes_person" c join (select a._resource_id as resource_id from "sluice_run_2_attached_person" a join "replica_hr_person" r
  on r.key = a."number" and r.digest = a._digest) a on a.resource_id = c.resource_id
  where c.resource_id = o.resource_id and c."number" is distinct from o."number") union all select c.resource_id, c._key from "sluice_run_2_changes_person" c where c._operation = 'delete'
  and not exists (select from "person" o where o.resource_id = c.resource_id);

/* work-tables/analyze */ analyze "sluice_run_2_changed_key_resources_2_person_number";

/* work-tables/measure */ analyze "sluice_run_2_staged_membership" (_row);

/* intake/find-bad-rows Membership */ select exists (select from "sluice_run_2_staged_membership" where _command <> 'delete' and ((("_from_value" is not null and not (octet_length("_from_value") <= 1250)) or ("_to_value" is not null and not (octet_length("_to_value") <= 1250)) or ("since" is not null and not case when "since" like '____-__-__' then case when substr("since", 1, 2) = any($1) and substr("since", 3, 2) = any($2) and "since" >= '0001' and substr("since", 6, 2) = any($3) then substr("since", 9, 2) = any($4)
  or (substr("since", 9, 2) = any($5) and substr("since", 9, 2)::int between 1 and case when substr("since", 6, 2)::int in (4, 6, 9, 11) then 30 when substr("since", 6, 2)::int = 2 then case when (substr("since", 1, 4)::int % 4 = 0 and (substr("since", 1, 4)::int % 100 <> 0 or substr("since", 1, 4)::int % 400 = 0)) then 29 else 28 end else 31 end) else false end else false end)))) as found;

/* resolve/net-pairs Membership */ create temporary table "sluice_run_2_netted_pairs_membership" on commit drop as select distinct on (_from_value, _to_value) * from (
  select _row, "_from_value" as _from_value, "_to_value" as _to_value, _command = 'delete' as _gone,
  _command = 'delete' as _taken_back, FALSE as _unlinked, case when _command = 'delete' then null::date else "since"::date end as "since"
  from "sluice_run_2_staged_membership") s
  where (_from_value is not null and _to_value is not null) or _unlinked
  order by _from_value, _to_value, _row desc;

/* work-tables/analyze */ analyze "sluice_run_2_netted_pairs_membership";

/* resolve/count-pairs Membership */ select s.rows, s.incomplete, n.standing, n.deletes
  from (select count(*)::int as rows, (count(*) filter (where "_from_value" is null or "_to_value" is null))::int as incomplete
  from "sluice_run_2_staged_membership") s,
  (select (count(*) filter (where not _unlinked and (_taken_back or not _gone)))::int as standing,
  (count(*) filter (where _taken_back))::int as deletes from "sluice_run_2_netted_pairs_membership") n;

/* resolve/find-affected-pairs Membership */ create temporary table "sluice_run_2_affected_pairs_1_membership" on commit drop as select l.from_id, l.to_id, f.value as _from_value, t.value as _to_value, l."since"
  from (select l.* from "membership" l where l.source_id = 1 and l."from_id" in (select resource_id from "sluice_run_2_changed_key_resources_2_person_number") union select l.* from "membership" l where l.source_id = 1 and (l.from_id, l.to_id) in (select f.resource_id, t.resource_id from "sluice_run_2_netted_pairs_membership" n
  join (select o."number" as value, o.resource_id from "person" o where o."number" in (select "_from_value" from "sluice_run_2_netted_pairs_membership")) f on f.value = n._from_value join (select o."code" as value, o.resource_id from "unit" o where o."code" in (select "_to_value" from "sluice_run_2_netted_pairs_membership")) t on t.value = n._to_value)) l
  left join (select o.resource_id, o."number" as value from "person" o) f on f.resource_id = l.from_id
  left join (select o.resource_id, o."code" as value from "unit" o) t on t.resource_id = l.to_id union all select null::bigint, null::bigint, w.from_value, w.to_value, (w.properties ->> 'since')::date as "since"
  from (select w.* from "sluice_orphan_link" w
  where w.source_id = 1 and w.association = 'Membership' and w."from_value" in (select value from "sluice_run_2_changed_keys_2_person_number") union select w.* from "sluice_orphan_link" w
  where w.source_id = 1 and w.association = 'Membership' and (w.from_value, w.to_value) in (select _from_value, _to_value from "sluice_run_2_netted_pairs_membership")) w;

/* resolve/assert-affected Membership */ create temporary table "sluice_run_2_pairs_1_membership" on commit drop as with pairs as materialized (select n._row, n._from_value, n._to_value, false as _bad, n."since"
  from "sluice_run_2_netted_pairs_membership" n where not n._gone and not n._unlinked union all select null::integer as _row, q._from_value, q._to_value, false as _bad, q."since"
  from "sluice_run_2_affected_pairs_1_membership" q where q._from_value is not null and q._to_value is not null and not exists (
  select from "sluice_run_2_netted_pairs_membership" n where n._from_value = q._from_value and n._to_value = q._to_value))
  select p.*, f.resource_id as from_id, t.resource_id as to_id from pairs p
  left join (
  select x.value, case when count(*) = 1 then min(x.resource_id) end as resource_id
  from (select o."number" as value, o.resource_id from "person" o where o."number" in (select "_from_value" from pairs) and not exists (select from "sluice_run_2_changes_person" c where c.resource_id = o.resource_id)
  union all select c."number", c.resource_id from "sluice_run_2_changes_person" c where c._operation <> 'delete' and c."number" in (select "_from_value" from pairs)) x
  where x.value is not null
  group by x.value) f on f.value = p._from_value
  left join (
  select x.value, case when count(*) = 1 then min(x.resource_id) end as resource_id
  from (select o."code" as value, o.resource_id from "unit" o where o."code" in (select "_to_value" from pairs)) x
  where x.value is not null
  group by x.value) t on t.value = p._to_value;

/* work-tables/analyze */ analyze "sluice_run_2_pairs_1_membership";

/* resolve/compare-pairs Membership */ create temporary table "sluice_run_2_link_changes_1_membership" on commit drop as select 'delete' as _operation, null::boolean as _drift, 1 as source_id, l.from_id, l.to_id, l."since"
  from (select q.* from "sluice_run_2_affected_pairs_1_membership" q where q.from_id is not null) l
  where not exists (select from "sluice_run_2_pairs_1_membership" p where p.from_id = l.from_id and p.to_id = l.to_id)
  union all
  select case when l.from_id is null then 'insert' else 'update' end, null, 1, p.from_id, p.to_id, p."since"
  from "sluice_run_2_pairs_1_membership" p
  left join "membership" l on l.source_id = 1 and l.from_id = p.from_id and l.to_id = p.to_id
  where not p._bad and p.from_id is not null and p.to_id is not null and ((l.from_id is null) or (l."since" is distinct from p."since"));

/* resolve/compare-waiting-pairs Membership */ insert into "sluice_orphan_link_change" (run_id, operation, source_id, association, from_value, to_value, properties)
  select 2, c.* from (select 'delete', 1, 'Membership', w.from_value, w.to_value, null::jsonb from (select q._from_value as from_value, q._to_value as to_value, jsonb_strip_nulls(jsonb_build_object('since', q."since"::text)) as properties
  from "sluice_run_2_affected_pairs_1_membership" q where q.from_id is null) w
  where not exists (select from "sluice_run_2_pairs_1_membership" p where w.from_value = p._from_value and w.to_value = p._to_value and not p._bad and (p.from_id is null or p.to_id is null) and (p._row is null or w.properties is not distinct from jsonb_strip_nulls(jsonb_build_object('since', p."since"::text))))
  union all
  select 'insert', 1, 'Membership', p._from_value, p._to_value, jsonb_strip_nulls(jsonb_build_object('since', p."since"::text)) from "sluice_run_2_pairs_1_membership" p
  where not p._bad and (p.from_id is null or p.to_id is null) and not exists (select from "sluice_orphan_link" w where w.source_id = 1 and w.association = 'Membership' and w.from_value = p._from_value and w.to_value = p._to_value and (p._row is null or w.properties is not distinct from jsonb_strip_nulls(jsonb_build_object('since', p."since"::text))))) c;

/* resolve/count-row-changes Membership */ select (select count(*) from "sluice_run_2_pairs_1_membership" where _row is not null and not _bad and (from_id is null or to_id is null))::int as orphan,
  (count(*) filter (where c."_operation" = 'insert' and exists (select from "sluice_run_2_pairs_1_membership" p
  where p._row is not null and not p._bad and p.from_id = c.from_id and p.to_id = c.to_id)))::int as inserted,
  (count(*) filter (where c."_operation" = 'update' and exists (select from "sluice_run_2_pairs_1_membership" p
  where p._row is not null and not p._bad and p.from_id = c.from_id and p.to_id = c.to_id)))::int as updated
  from "sluice_run_2_link_changes_1_membership" c;

/* people/have-edited */ select exists (select where exists (select run.run_id from sluice_run run where run.cause in ('edit', 'revert')) or exists (select from sluice_free_resource f)) as found;

/* changes/count */ select 'sluice_run_2_changes_person' as name, _operation as operation, count(*) as count from "sluice_run_2_changes_person" group by _operation union all select 'sluice_run_2_link_changes_1_membership' as name, _operation as operation, count(*) as count from "sluice_run_2_link_changes_1_membership" group by _operation;

/* changes/forget-orphans Person */ insert into "sluice_orphan_reference_change" (run_id, operation, source_id, entity_type, resource_id, property, value)
  select 2, c.* from (select 'delete', w.source_id, w.entity_type, w.resource_id, w.property, w.value
  from "sluice_orphan_reference" w join "sluice_run_2_changes_person" c on c.resource_id = w.resource_id where c._operation = 'delete') c;

/* changes/index */ create index if not exists "sluice_run_2_changes_person_id" on "sluice_run_2_changes_person" (resource_id);

/* produce/remembered-mappings */ select mapping, definition from sluice_mapping join sluice_source source using (source_id)
  where source.name = $1;

/* produce/count-updated-rows Person */ select count(*)::int as count from "sluice_run_2_changes_person" c where _operation = 'update' and exists (select from "sluice_run_2_attached_person" a where a._resource_id = c.resource_id);

/* produce/count-orphans Person */ select (select count(*) from "sluice_orphan_reference" where entity_type = 'Person') as stored,
  (select coalesce(sum(case operation when 'insert' then 1 else -1 end), 0)
  from (select * from "sluice_orphan_reference_change" where run_id = 2) c where entity_type = 'Person') as growth;

/* apply/record-history Person */ insert into sluice_history (run_id, entity_type, resource_id, operation, key, before, after, drift, exact)
  select 2, 'Person', c.resource_id, c._operation, c._key, case c._operation when 'delete' then (select coalesce(jsonb_object_agg(v.name, v.value), '{}'::jsonb) from (values ('number', to_jsonb(o."number")), ('name', to_jsonb(o."name")), ('grade', to_jsonb(o."grade")), ('unit', to_jsonb(case when o."unit_id" is not null then coalesce((select x."name"::text from "unit" x where x.resource_id = o."unit_id"), o."unit_id"::text) end))) v(name, value) where v.value is not null) when 'update' then (case when ((o."number" is distinct from c."number") or (o."name" is distinct from c."name") or (o."grade" is distinct from c."grade") or (o."unit_id" is distinct from c."unit_id")) then (case when o."number" is distinct from c."number" then jsonb_object(array['number', o."number"]::text[]) else '{}'::jsonb end || case when o."name" is distinct from c."name" then jsonb_object(array['name', o."name"]::text[]) else '{}'::jsonb end || case when o."grade" is distinct from c."grade" then jsonb_build_object('grade', o."grade") else '{}'::jsonb end || case when o."unit_id" is distinct from c."unit_id" then jsonb_object(array['unit', case when o."unit_id" is not null then coalesce((select x."name"::text from "unit" x where x.resource_id = o."unit_id"), o."unit_id"::text) end]::text[]) else '{}'::jsonb end) else '{}'::jsonb end) end as before,
  case c._operation when 'insert' then (select coalesce(jsonb_object_agg(v.name, v.value), '{}'::jsonb) from (values ('number', to_jsonb(c."number")), ('name', to_jsonb(c."name")), ('grade', to_jsonb(c."grade")), ('unit', to_jsonb(case when c."unit_id" is not null then coalesce((select x."name"::text from "unit" x where x.resource_id = c."unit_id"), c."unit_id"::text) end))) v(name, value) where v.value is not null) when 'update' then (case when ((o."number" is distinct from c."number") or (o."name" is distinct from c."name") or (o."grade" is distinct from c."grade") or (o."unit_id" is distinct from c."unit_id")) then (case when o."number" is distinct from c."number" then jsonb_object(array['number', c."number"]::text[]) else '{}'::jsonb end || case when o."name" is distinct from c."name" then jsonb_object(array['name', c."name"]::text[]) else '{}'::jsonb end || case when o."grade" is distinct from c."grade" then jsonb_build_object('grade', c."grade") else '{}'::jsonb end || case when o."unit_id" is distinct from c."unit_id" then jsonb_object(array['unit', case when c."unit_id" is not null then coalesce((select x."name"::text from "unit" x where x.resource_id = c."unit_id"), c."unit_id"::text) end]::text[]) else '{}'::jsonb end) else '{}'::jsonb end) end as after,
  coalesce(c._drift, false) as drift, case c._operation when 'update' then case when ((o."unit_id" is distinct from c."unit_id")) then jsonb_strip_nulls(jsonb_build_object('before', (jsonb_build_object('unit', case when o."unit_id" is distinct from c."unit_id" then to_jsonb(o."unit_id") end)), 'after', (jsonb_build_object('unit', case when o."unit_id" is distinct from c."unit_id" then to_jsonb(c."unit_id") end)))) end when 'delete' then case when ((o."unit_id" is not null)) then jsonb_strip_nulls(jsonb_build_object('before', (jsonb_build_object('unit', to_jsonb(o."unit_id"))))) end when 'insert' then case when ((c."unit_id" is not null)) then jsonb_strip_nulls(jsonb_build_object('after', (jsonb_build_object('unit', to_jsonb(c."unit_id"))))) end end
  from "sluice_run_2_changes_person" c left join "person" o on o.ctid = c._base_place and o.resource_id = c.resource_id where c._operation = 'insert' or o.resource_id is not null;

/* apply/record-link-history Membership */ insert into sluice_link_history (run_id, association, operation, source_id, from_id, to_id, before, after, drift)
  select 2, 'Membership', c._operation, c.source_id, c.from_id, c.to_id, case c._operation when 'delete' then (select coalesce(jsonb_object_agg(v.name, v.value), '{}'::jsonb) from (values ('since', to_jsonb(l."since"))) v(name, value) where v.value is not null) end as before,
  case c._operation when 'insert' then (select coalesce(jsonb_object_agg(v.name, v.value), '{}'::jsonb) from (values ('since', to_jsonb(c."since"))) v(name, value) where v.value is not null) end as after,
  coalesce(c._drift, false) as drift
  from "sluice_run_2_link_changes_1_membership" c left join "membership" l on l.source_id = c.source_id and l.from_id = c.from_id and l.to_id = c.to_id;

/* apply/delete Person */ delete from "person" o using "sluice_run_2_changes_person" c where c._operation = 'delete' and o.ctid = c._base_place and o.resource_id = c.resource_id;

/* apply/update Person */ update "person" o set "number" = c."number", "name" = c."name", "grade" = c."grade", "unit_id" = c."unit_id", _changed_run = 2
  from "sluice_run_2_changes_person" c where c._operation = 'update' and o.ctid = c._base_place and o.resource_id = c.resource_id and c._base_version in (select v.xid from sluice_known_transaction v where v.entity_type = 'Person' and (v.checked_by is null));

/* apply/insert Person */ insert into "person" (resource_id, _created_run, "number", "name", "grade", "unit_id")
  select c.resource_id, 2, c."number", c."name", c."grade", c."unit_id"
  from "sluice_run_2_changes_person" c where c._operation = 'insert';

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

/* apply/delete-links Membership */ delete from "membership" l using "sluice_run_2_link_changes_1_membership" c where c._operation = 'delete' and l.source_id = c.source_id and l.from_id = c.from_id and l.to_id = c.to_id;

/* apply/insert-links Membership */ insert into "membership" (source_id, from_id, to_id, _created_run, "since")
  select c.source_id, c.from_id, c.to_id, 2, c."since"
  from "sluice_run_2_link_changes_1_membership" c where c._operation = 'insert';

/* apply/count-orphan-changes */ select r.all as "references", l.all as links, r.new as "newReferences", l.new as "newLinks"
  from (select count(*)::int as all, (count(*) filter (where operation = 'insert'))::int as new from (select * from "sluice_orphan_reference_change" where run_id = 2) c) r, (select count(*)::int as all, (count(*) filter (where operation = 'insert'))::int as new from (select * from "sluice_orphan_link_change" where run_id = 2) c) l;

/* apply/remember-own-transaction Person */ insert into sluice_known_transaction (entity_type, xid)
  select 'Person', t.xid from (select pg_current_xact_id()::xid as xid) t
  where not exists (select from sluice_known_transaction v where v.entity_type = 'Person' and (v.checked_by is null) and v.xid = t.xid);

/* apply/forget-overwritten Person */ delete from sluice_known_transaction v where v.entity_type = 'Person'
  and (select count(*) from sluice_known_transaction v where v.entity_type = 'Person') % 200 = 0
  and not exists (select from "person" o where o.xmin = v.xid);

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

-- 71 statements
