-- Lists that never end early, and figures with a past.

-- The changes of a run that has many, in the order in which they are shown, some hundred to a row: a page of them is found without sorting all,
-- and how many of them change which property is added up without reading them.
create table sluice_history_block (
  run_id bigint not null,
  kind text collate "C" not null check (kind in ('entity', 'link')),
  -- Entity type or association.
  type text collate "C" not null,
  operation text collate "C" not null,
  -- Of resources the beginning of the key, of links empty.
  first_key text collate "C" not null,
  -- Of links the end they come from.
  first_id bigint not null,
  -- Of links the end they go to, of resources 0.
  first_to bigint not null,
  last_key text collate "C" not null,
  last_id bigint not null,
  last_to bigint not null,
  -- Resources, or the ends that links come from.
  ids bigint[] not null,
  -- Property → in how many of them it changes.
  properties jsonb not null,
  primary key (run_id, kind, type, operation, first_key, first_id, first_to)
);

-- How well the resources of each type were known on a day, of which the trends of the console are drawn.
create table sluice_quality (
  entity_type text collate "C" not null,
  -- UTC.
  day date not null,
  resources bigint not null,
  -- Property → [resources that have a value, references without a target, values that go back and forth].
  figures jsonb not null,
  primary key (entity_type, day)
);
