-- The tables of Sluice itself. Tables of entity types, associations and replicas follow the model
-- and are made by the steps in ../evolve.

-- One space of resource ids for all entity types: an id never stands for two resources.
create sequence sluice_resource_id as bigint;

-- The model as it was last carried into tables, to compute what has to change.
create table sluice_model (
  only_row boolean primary key default true check (only_row),
  model jsonb not null,
  changed_at timestamptz not null default now()
);

create table sluice_source (
  source_id integer generated always as identity primary key,
  name text collate "C" not null unique,
  -- The delivery whose content the replicas stand for; the base an incremental must name.
  applied_delivery uuid
);

-- The queue: one row per delivery, in order of announcement.
create table sluice_delivery (
  delivery_id uuid primary key,
  position bigint generated always as identity unique,
  source_id integer not null references sluice_source,
  mode text not null check (mode in ('initial', 'complete', 'incremental')),
  base uuid,
  -- Who announced it.
  by_kind text not null,
  by_name text not null,
  state text not null check (state in
    ('announced', 'ready', 'applied', 'held', 'aside', 'rejected', 'cancelled', 'refused', 'failed')),
  reason text,
  -- Processes that died in the middle of its run, since somebody released it.
  deaths integer not null default 0,
  aside_at timestamptz,
  -- The files as they were announced (name, size, sum): none may grow beyond that.
  declared jsonb,
  manifest jsonb,
  announced_at timestamptz not null default now(),
  -- When the agent was last heard of it: one that is announced and forgotten expires.
  touched_at timestamptz not null default now(),
  sealed_at timestamptz,
  -- What checking the files took.
  receive_milliseconds integer,
  finished_at timestamptz
);
create index sluice_delivery_waiting on sluice_delivery (source_id, position)
  where state in ('announced', 'ready', 'held', 'aside');

-- The folder that every server of this repository takes deliveries into, by the id in its marker file.
create table sluice_inbox (
  only_row boolean primary key default true check (only_row),
  inbox_id uuid not null,
  folder text not null,
  claimed_at timestamptz not null default now()
);

create table sluice_run (
  run_id bigint generated always as identity primary key,
  cause text not null check (cause in ('delivery', 'replicas', 'edit', 'decision', 'revert', 'ageing')),
  -- Who made it happen: a token, a person, a job, the command line, a program.
  by_kind text not null,
  by_name text not null,
  -- What some causes have.
  delivery_id uuid,
  source_id integer references sluice_source,
  mode text,
  -- What whoever made it happen has to say about it.
  comment text,
  -- Of an edit that is held: what was asked for, by which it is computed again.
  request jsonb,
  state text not null check (state in
    ('running', 'applied', 'held', 'rejected', 'cancelled', 'failed', 'interrupted')),
  forced boolean not null default false,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  -- RunReport, as it was printed.
  report jsonb,
  -- Held runs: where their change set is kept, and what approves or rejects it.
  change_set jsonb,
  decided_by text,
  decided_at timestamptz,
  decided_reason text,
  -- Held, then cancelled: the delivery whose run replaces it, a later complete or the same one computed again.
  replaced_by uuid
);
create index sluice_run_source on sluice_run (source_id, run_id desc);
-- What such a run has created is a person's, and no source's external write.
create index sluice_run_people on sluice_run (run_id) where cause in ('edit', 'revert');
-- Whoever asks for a delivery asks for its last run.
create index sluice_run_delivery on sluice_run (delivery_id, run_id);

create table sluice_rejected_row (
  run_id bigint not null,
  mapping text not null,
  file text not null,
  line bigint,
  key text collate "C",
  column_name text,
  value text,
  reason text not null,
  -- Rejected for its values: changes that do not name the row leave it as wrong as it is, and are followed by it again.
  stands boolean not null default false
);
create index sluice_rejected_row_run on sluice_rejected_row (run_id);

-- Every update and delete of a resource, and the inserts that met a type that already held some.
-- The insert of a first load is told by the resource's own _created_run, so that loading a million
-- resources does not write a million histories.
create table sluice_history (
  run_id bigint not null,
  entity_type text collate "C" not null,
  resource_id bigint not null,
  operation text not null check (operation in ('insert', 'update', 'delete')),
  key text collate "C",
  before jsonb,
  after jsonb,
  -- Not what the source has changed: an earlier run missed it, or it was written externally.
  drift boolean not null default false
);
create index sluice_history_resource on sluice_history (resource_id, run_id);
-- Histories are written run after run, so a hundredth of an index finds those of one.
create index sluice_history_run on sluice_history using brin (run_id) with (autosummarize = on);

create table sluice_link_history (
  run_id bigint not null,
  association text collate "C" not null,
  operation text not null check (operation in ('insert', 'update', 'delete')),
  from_id bigint not null,
  to_id bigint not null,
  before jsonb,
  after jsonb,
  drift boolean not null default false
);
create index sluice_link_history_from on sluice_link_history (from_id, run_id);
create index sluice_link_history_to on sluice_link_history (to_id, run_id);
create index sluice_link_history_run on sluice_link_history using brin (run_id) with (autosummarize = on);

-- References of resources to targets that are not known (yet): kept, and resolved when they arrive.
create table sluice_orphan_reference (
  source_id integer not null references sluice_source,
  entity_type text collate "C" not null,
  resource_id bigint not null,
  property text collate "C" not null,
  value text collate "C" not null,
  primary key (resource_id, property)
);
create index sluice_orphan_reference_value on sluice_orphan_reference (value);

-- Rows of associations of which an end is not known (yet).
create table sluice_orphan_link (
  source_id integer not null references sluice_source,
  association text collate "C" not null,
  from_value text collate "C" not null,
  to_value text collate "C" not null,
  -- Link properties as JSON, typed when the link is made.
  properties jsonb,
  primary key (source_id, association, from_value, to_value)
);
create index sluice_orphan_link_from on sluice_orphan_link (from_value);
create index sluice_orphan_link_to on sluice_orphan_link (to_value);

-- What runs that are at work or held change in the two tables above.
create table sluice_orphan_reference_change (
  run_id bigint not null,
  operation text not null check (operation in ('insert', 'delete')),
  source_id integer not null,
  entity_type text collate "C" not null,
  resource_id bigint not null,
  property text collate "C" not null,
  value text collate "C" not null
);
create index sluice_orphan_reference_change_run on sluice_orphan_reference_change (run_id);
create table sluice_orphan_link_change (
  run_id bigint not null,
  operation text not null check (operation in ('insert', 'delete')),
  source_id integer not null,
  association text collate "C" not null,
  from_value text collate "C" not null,
  to_value text collate "C" not null,
  properties jsonb
);
create index sluice_orphan_link_change_run on sluice_orphan_link_change (run_id);

-- Transactions whose row versions of a type are known: Sluice wrote them (checked_by is null), or a source has compared
-- them since. A row version by any other transaction was written externally, and the next complete compares it.
create table sluice_known_transaction (
  entity_type text collate "C" not null,
  xid xid not null,
  checked_by integer references sluice_source
);
-- An edit asks of a row or two whether they are known, while there may be many thousands of edits.
create index sluice_known_transaction_xid on sluice_known_transaction using hash (xid);

-- How many resources or links each mapping's source has stored, as of its last run: an incremental weighs
-- its changes against them without counting a million rows. A complete counts anew. And how many of its rows are rejected for
-- their values.
create table sluice_stored (
  source_id integer not null references sluice_source,
  mapping text collate "C" not null,
  stored bigint not null,
  rejected bigint not null default 0,
  primary key (source_id, mapping)
);

-- How each mapping read its rows in the source's last applied run, in words: a run says what changed in it.
create table sluice_mapping (
  source_id integer not null references sluice_source,
  mapping text collate "C" not null,
  definition jsonb not null,
  primary key (source_id, mapping)
);

-- Who may talk to a server. Of a secret only its SHA-256 is kept: 256 random bits need no slow hash.
create table sluice_token (
  name text collate "C" primary key,
  secret_sha256 bytea not null unique,
  role text not null check (role in ('viewer', 'editor', 'operator', 'agent', 'admin')),
  -- Of an agent: the sources it may deliver. Names, because a source may be configured later.
  sources text[] not null,
  created_at timestamptz not null default now(),
  created_by text not null,
  expires_at timestamptz,
  last_used_at timestamptz
);

-- When rows were last loaded into a table of asserted values: a load writes nothing of those that it finds as they are.
create table sluice_load (
  source_id integer not null references sluice_source,
  mapping text collate "C" not null,
  loaded_at timestamptz not null,
  primary key (source_id, mapping)
);
