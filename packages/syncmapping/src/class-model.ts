/**
 * The classes of the target: which extends which, and what attributes each has.
 *
 * @module
 */

export interface ClassModel {
  /** Classes and attributes that are not listed are accepted. */
  readonly isOpen: boolean
  readonly classes: ReadonlyMap<string, CiClass>
  /** `undefined`: relationship classes are not listed, and all are accepted. */
  readonly relationships: ReadonlyMap<string, RelationshipClass> | undefined
}

export interface CiClass {
  readonly super: string | undefined
  /** Declared by this class; `undefined`: every attribute there may be. */
  readonly attributes: ReadonlySet<string> | undefined
  /** There are CIs of the classes that extend it, and none of its own. */
  readonly isAbstract?: boolean
}

export interface RelationshipClass extends CiClass {
  /** Each end is a CI of this class, or of one that extends it. Absent: of any class. */
  readonly ends?: { readonly source: string; readonly destination: string }
}

export function knowsClass({ isOpen, classes }: ClassModel, name: string): boolean {
  return isOpen || classes.has(name)
}

export function isAbstract({ classes }: ClassModel, name: string): boolean {
  return classes.get(name)?.isAbstract === true
}

export function knowsRelationship({ isOpen, relationships }: ClassModel, name: string): boolean {
  return isOpen || relationships === undefined || relationships.has(name)
}

/** Whether a class is the other one or extends it, directly or not. */
export function isOrExtends(model: ClassModel, name: string, other: string): boolean {
  return name === other || ancestry(model.classes, name).has(other)
}

type Classes = ReadonlyMap<string, CiClass>

/** The class and all that it extends. */
const ancestry = remembered((classes: Classes, name: string): ReadonlySet<string> => {
  const found = new Set<string>()
  for (let one: string | undefined = name; one !== undefined && !found.has(one); ) {
    found.add(one)
    one = classes.get(one)?.super
  }
  return found
})

/** The attributes of a class, inherited ones included; `undefined`: every one there may be. */
export function attributesOf({ classes, isOpen }: ClassModel, name: string): ReadonlySet<string> | undefined {
  return isOpen ? attributesOfOpen(classes, name) : attributesOfListed(classes, name)
}

/** Those of a relationship class. */
export function relationshipAttributesOf(
  { isOpen, relationships }: ClassModel,
  name: string,
): ReadonlySet<string> | undefined {
  if (relationships === undefined) return undefined
  return isOpen ? attributesOfOpen(relationships, name) : attributesOfListed(relationships, name)
}

const attributesOfListed = remembered((classes: Classes, name: string) =>
  findAttributes(classes, name, false),
)
const attributesOfOpen = remembered((classes: Classes, name: string) => findAttributes(classes, name, true))

function findAttributes(classes: Classes, name: string, isOpen: boolean): ReadonlySet<string> | undefined {
  const found = new Set<string>()
  for (const one of ancestry(classes, name)) {
    const declared = classes.get(one)
    if (declared === undefined && isOpen) return undefined
    if (declared !== undefined && declared.attributes === undefined) return undefined
    for (const attribute of declared?.attributes ?? []) found.add(attribute)
  }
  return found
}

/** With every CI and every relationship the same is asked of a model that does not change. */
function remembered<T>(find: (classes: Classes, name: string) => T): (classes: Classes, name: string) => T {
  const all = new WeakMap<Classes, Map<string, { readonly answer: T }>>()
  return (classes, name) => {
    const known = all.get(classes) ?? new Map()
    const asked = known.get(name)
    if (asked !== undefined) return asked.answer
    const answer = find(classes, name)
    all.set(classes, known.set(name, { answer }))
    return answer
  }
}
