/* evolve/add-association Membership */ create table "membership" (
  source_id integer not null,
  from_id bigint not null,
  to_id bigint not null,
  "since" date,
  "_created_run" bigint,
  "_changed_run" bigint,
  primary key (source_id, from_id, to_id)
);

/* evolve/add-entity-type Person */ create table "person" (
  "resource_id" bigint primary key default nextval('sluice_resource_id'),
  "name" text collate "C",
  "staff_number" text collate "C",
  "grade" bigint,
  "status" text collate "C" constraint "person_status_values" check ("status" in ('active', 'left')),
  "department_id" bigint,
  "photo" bytea,
  "photo_filename" text collate "C",
  "photo_mediatype" text collate "C",
  "_created_run" bigint,
  "_changed_run" bigint
) with (fillfactor = 90);

/* evolve/add-entity-type Department */ create table "department" (
  "resource_id" bigint primary key default nextval('sluice_resource_id'),
  "name" text collate "C",
  "code" text collate "C",
  "_created_run" bigint,
  "_changed_run" bigint
) with (fillfactor = 90);

/* evolve/add-replicas hr.Person */ create table "replica_hr_person" (
  "key" text collate "C" primary key,
  "resource_id" bigint not null,
  "digest" bigint
) with (fillfactor = 90);

/* evolve/index-replicas hr.Person */ create index if not exists "sluice_by_replica_hr_person.resource_id" on "replica_hr_person" (resource_id) where resource_id is not null;

/* evolve/add-replicas hr.Department */ create table "replica_hr_department" (
  "key" text collate "C" primary key,
  "resource_id" bigint not null,
  "digest" bigint
) with (fillfactor = 90);

/* evolve/index-replicas hr.Department */ create index if not exists "sluice_by_replica_hr_department.resource_id" on "replica_hr_department" (resource_id) where resource_id is not null;

/* evolve/add-index sluice_by_person.department_id */ create index if not exists "sluice_by_person.department_id" on "person" ("department_id");

/* evolve/add-index sluice_by_department.code */ create index if not exists "sluice_by_department.code" on "department" ("code");

/* evolve/add-index sluice_by_person.staff_number */ create index if not exists "sluice_by_person.staff_number" on "person" ("staff_number");

/* evolve/add-index sluice_by_membership.to_id */ create index if not exists "sluice_by_membership.to_id" on "membership" ("to_id");

/* evolve/add-index sluice_one_membership.from_id */ create unique index if not exists "sluice_one_membership.from_id" on "membership" ("source_id", "from_id");

/* evolve/add-view party_all */ create view "party_all" as
select 'Person'::text collate "C" as entity_type, "resource_id", "name", "_created_run", "_changed_run" from "person"
union all
select 'Department'::text collate "C" as entity_type, "resource_id", "name", "_created_run", "_changed_run" from "department";
