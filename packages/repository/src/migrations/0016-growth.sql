-- What runs leave behind is pruned, and what is like before is not written again.

-- The run whose rejected rows are those of this one, too; null: it has its own, or none.
alter table sluice_run add column rejected_run bigint;
create index sluice_run_rejected on sluice_run (rejected_run) where rejected_run is not null;
