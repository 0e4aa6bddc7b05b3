-- What runs leave behind is pruned, and what is like before is not written again.

-- The run whose rejected rows are those of this one, too; null: it has its own, or none.
alter table sluice_run add column rejected_run bigint;
create index sluice_run_rejected on sluice_run (rejected_run, run_id) where rejected_run is not null;

-- Runs that are at work, or that somebody has to decide about, among the many that are over.
create index sluice_run_open on sluice_run (run_id) where state in ('running', 'held');

-- Deliveries of a source, the newest first, and what builds on one.
create index sluice_delivery_source on sluice_delivery (source_id, position desc);
create index sluice_delivery_base on sluice_delivery (base) where base is not null;

-- Histories are pruned run after run, and what is written next takes their room: a block holds runs of all times then, of which an index of
-- blocks tells nothing any more.
drop index sluice_history_run;
create index sluice_history_run on sluice_history (run_id);
drop index sluice_link_history_run;
create index sluice_link_history_run on sluice_link_history (run_id);
drop index sluice_replica_history_run;
create index sluice_replica_history_run on sluice_replica_history (run_id);

-- How far what is pruned in order of runs has been pruned.
create table sluice_pruned (
  kind text collate "C" primary key,
  -- Nothing of it need be there of this run and those before it.
  through_run bigint not null,
  pruned_at timestamptz not null default clock_timestamp()
);

-- Of the many notifications, those that were not sent: metrics count them.
create index sluice_notification_unsent on sluice_notification (state) where state <> 'sent';
