-- What people want done with rows of sources that share their resources, and rows that stay apart because somebody has unlinked them.
create table sluice_replica_action (
  source_id integer not null references sluice_source,
  entity_type text collate "C" not null,
  key text collate "C" not null,
  action text not null check (action in ('retry', 'unlink', 'reconcile', 'delete')),
  by_kind text not null,
  by_name text not null,
  asked_at timestamptz not null default clock_timestamp(),
  reason text,
  -- Of an unlinked row: it is, and stays so until it changes (its replica has another revision), or somebody wants otherwise.
  done boolean not null default false,
  revision bigint not null,
  primary key (source_id, entity_type, key)
);
