-- Which rows inherited the right to delete their resource in a run, and which have given it back because that run was taken back.
alter table sluice_replica_history
  drop constraint sluice_replica_history_operation_check,
  add constraint sluice_replica_history_operation_check
    check (operation in ('delete', 'restore', 'detach', 'attach', 'inherit', 'forgo'));
