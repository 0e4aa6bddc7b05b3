-- Resources that were several for one thing, and were merged by a person: which went into which.
create table sluice_merge (
  merged_id bigint not null,
  entity_type text collate "C" not null,
  kept_id bigint not null,
  run_id bigint not null,
  -- The run that took it back.
  undone_by bigint
);
create unique index sluice_merge_merged on sluice_merge (merged_id) where undone_by is null;
create index sluice_merge_kept on sluice_merge (kept_id);
create index sluice_merge_run on sluice_merge (run_id);

-- What merged resources answered to: the ones that they went into answer to it, too, where no other is called so.
create table sluice_merged_name (
  run_id bigint not null,
  entity_type text collate "C" not null,
  property text collate "C" not null,
  value text collate "C" not null,
  resource_id bigint not null
);
create index sluice_merged_name_value on sluice_merged_name using hash (value);
create index sluice_merged_name_run on sluice_merged_name (run_id);

-- Replicas that a merge has moved, and where they were: to take it back.
create table sluice_merged_replica (
  run_id bigint not null,
  source_id integer not null references sluice_source,
  entity_type text collate "C" not null,
  key text collate "C" not null,
  resource_id bigint not null
);
create index sluice_merged_replica_run on sluice_merged_replica (run_id);

-- Resources that look like one and are not, as somebody has said.
create table sluice_distinct (
  low_id bigint not null,
  high_id bigint not null check (low_id < high_id),
  entity_type text collate "C" not null,
  by_kind text not null,
  by_name text not null,
  said_at timestamptz not null default now(),
  reason text,
  primary key (low_id, high_id)
);
