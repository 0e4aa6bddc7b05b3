-- The graphs that sources deliver, as far as they were applied: what an incremental is laid over, and what `explain` evaluates again.
create table sluice_graph_node (
  source_id integer not null,
  id text collate "C" not null,
  kind text collate "C" not null,
  -- A JSON object, as it came.
  attributes text collate "C" not null,
  destroyed boolean not null,
  primary key (source_id, id)
);

-- Its ends need not be there.
create table sluice_graph_relationship (
  source_id integer not null,
  id text collate "C" not null,
  from_id text collate "C" not null,
  from_role text collate "C" not null,
  kind text collate "C" not null,
  to_role text collate "C" not null,
  to_id text collate "C" not null,
  attributes text collate "C" not null,
  primary key (source_id, id)
);
create index sluice_graph_relationship_from on sluice_graph_relationship (source_id, from_id);
create index sluice_graph_relationship_to on sluice_graph_relationship (source_id, to_id);

-- What each root gave the last time that its evaluation succeeded: one row for each configuration item and relationship. A shared one has
-- a row for each root that owns it.
create table sluice_graph_result (
  source_id integer not null,
  mapping text collate "C" not null,
  key text collate "C" not null,
  root text collate "C" not null,
  -- Texts by column of the mapping.
  fields jsonb not null,
  -- Of these, as they came.
  digest bigint not null,
  primary key (source_id, mapping, key, root)
);
create index sluice_graph_result_root on sluice_graph_result (source_id, root);

-- Roots whose last evaluation failed: tried again by every run, and what they gave before stays.
create table sluice_graph_failure (
  source_id integer not null,
  root text collate "C" not null,
  kind text collate "C" not null,
  problem text collate "C" not null,
  message text collate "C" not null,
  file text collate "C",
  line integer,
  column_number integer,
  -- The run that it failed in first.
  since_run bigint not null,
  primary key (source_id, root)
);
