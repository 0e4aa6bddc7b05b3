-- Somebody who has a source synchronized by its agent may want to see what it would change before anything is applied.
alter table sluice_job_start add column hold boolean not null default false;
