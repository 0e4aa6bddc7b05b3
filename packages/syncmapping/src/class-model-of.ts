/**
 * The entity model of a project → the class model that its syncmappings write to.
 *
 * An entity type is a class of the same name, a property an attribute, an association a relationship class. So what a body
 * may say is what the repository can hold, and no more.
 *
 * @module
 */
import type { Association, EntityModel, EntityType, Property } from '@sluice/model'
import type { CiClass, ClassModel, RelationshipClass } from './class-model.ts'

export function classModelOf({ entityTypes, associations }: EntityModel): ClassModel {
  return {
    isOpen: false,
    classes: new Map([...entityTypes].map(([name, type]) => [name, classOf(type)])),
    relationships: new Map([...associations].map(([name, one]) => [name, relationshipClassOf(one)])),
  }
}

function classOf({ extends: base, properties, abstract }: EntityType): CiClass {
  const attributes = new Set(properties.filter(isAttribute).map(({ name }) => name))
  return { super: base, attributes, isAbstract: abstract }
}

/** A body says one text for an attribute; a file needs three, and what a reference names is a matter of relationships. */
function isAttribute({ type }: Property): boolean {
  return type !== 'file' && type !== 'reference'
}

function relationshipClassOf({ from, to, properties }: Association): RelationshipClass {
  const attributes = new Set(properties.map(({ name }) => name))
  return { super: undefined, attributes, ends: { source: from, destination: to } }
}
