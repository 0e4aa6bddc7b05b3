-- Orders of links: what a source should say of two resources and an association.
alter table sluice_order
  alter column entity_type drop not null,
  add column association text collate "C",
  -- Of a link, key is what the source calls the resource at the end "from", and this what it calls the one at the end "to".
  add column linked_to text collate "C",
  -- The resources that these are, when a run looked last: `explain` finds orders by them.
  add column from_id bigint,
  add column to_id bigint,
  add check ((association is null) = (entity_type is not null)),
  add check ((association is null) = (linked_to is null)),
  add check (association is null or expects <> 'value'),
  drop constraint sluice_order_order_id_source_id_entity_type_key_property_key,
  add unique nulls not distinct (order_id, source_id, entity_type, association, key, linked_to, property);
create index sluice_order_standing_links on sluice_order (source_id, association, key)
  where association is not null and state in ('pending', 'executed', 'contradicted', 'overdue');
create index sluice_order_from on sluice_order (from_id) where association is not null;
create index sluice_order_to on sluice_order (to_id) where association is not null;
