/**
 * A class model document → a class model.
 *
 * @module
 */
import type { ClassModel, RelationshipClass } from '../class-model.ts'
import { type ClassModelDocument, classModelDocument } from './documents.ts'

export function loadClassModel(document: ClassModelDocument): ClassModel {
  if (isFull(document)) {
    const { classes, relationships, open } = document
    return {
      isOpen: open,
      classes: classesOf(classes),
      relationships: relationships && classesOf(relationships),
    }
  }
  return { isOpen: false, classes: classesOf(document), relationships: undefined }
}

type Full = Extract<ClassModelDocument, { open: boolean }>
type Classes = Full['classes']

const full = classModelDocument.options[0]

function isFull(document: ClassModelDocument): document is Full {
  return full.safeParse(document).success && 'open' in document
}

function classesOf(classes: Classes): ReadonlyMap<string, RelationshipClass> {
  return new Map(
    Object.entries(classes).map(([name, { super: base, attrs, abstract, ends }]) => [
      name,
      {
        super: base ?? undefined,
        attributes: attrs ? new Set(attrs) : undefined,
        ...(abstract === undefined ? {} : { isAbstract: abstract }),
        ...(ends === undefined ? {} : { ends }),
      },
    ]),
  )
}
