/**
 * A class model → a document, as another process reads it.
 *
 * @module
 */
import type { ClassModel, RelationshipClass } from '../class-model.ts'
import type { ClassModelDocument } from './documents.ts'

type FullDocument = Extract<ClassModelDocument, { readonly open: boolean }>

export function writeClassModel({ isOpen, classes, relationships }: ClassModel): FullDocument {
  return {
    open: isOpen,
    classes: written(classes),
    ...(relationships === undefined ? {} : { relationships: written(relationships) }),
  }
}

function written(classes: ReadonlyMap<string, RelationshipClass>): FullDocument['classes'] {
  return Object.fromEntries(
    [...classes].map(([name, { super: base, attributes, isAbstract, ends }]) => [
      name,
      {
        super: base ?? null,
        attrs: attributes === undefined ? null : [...attributes],
        ...(isAbstract === undefined ? {} : { abstract: isAbstract }),
        ...(ends === undefined ? {} : { ends: { ...ends } }),
      },
    ]),
  )
}
