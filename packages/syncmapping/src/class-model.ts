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
  return name === other || ancestry(model, name).includes(other)
}

/** The class and all that it extends. */
function ancestry({ classes }: Pick<ClassModel, 'classes'>, name: string): readonly string[] {
  const found: string[] = []
  for (let one: string | undefined = name; one !== undefined && !found.includes(one); ) {
    found.push(one)
    one = classes.get(one)?.super
  }
  return found
}

/** The attributes of a class, inherited ones included; `undefined`: every one there may be. */
export function attributesOf(model: ClassModel, name: string): ReadonlySet<string> | undefined {
  return inheritedIn(model, name)
}

/** Those of a relationship class. */
export function relationshipAttributesOf(
  { isOpen, relationships }: ClassModel,
  name: string,
): ReadonlySet<string> | undefined {
  if (relationships === undefined) return undefined
  return inheritedIn(relationshipsAsClasses(relationships, isOpen), name)
}

type Classes = Pick<ClassModel, 'isOpen' | 'classes'>

/** Asked for with every relationship. */
const asClasses = new WeakMap<object, Classes>()

function relationshipsAsClasses(classes: ReadonlyMap<string, CiClass>, isOpen: boolean): Classes {
  const known = asClasses.get(classes) ?? { isOpen, classes }
  asClasses.set(classes, known)
  return known
}

/** Asked for with every attribute of every CI. */
const inherited = new WeakMap<Classes, Map<string, ReadonlySet<string> | undefined>>()

function inheritedIn(model: Classes, name: string): ReadonlySet<string> | undefined {
  if (model.isOpen && !model.classes.has(name)) return undefined
  const known = inherited.get(model) ?? new Map<string, ReadonlySet<string> | undefined>()
  inherited.set(model, known)
  if (!known.has(name)) known.set(name, findAttributes(model, name))
  return known.get(name)
}

function findAttributes(model: Classes, name: string): ReadonlySet<string> | undefined {
  const found = new Set<string>()
  for (const one of ancestry(model, name)) {
    const declared = model.classes.get(one)
    if (declared === undefined && model.isOpen) return undefined
    if (declared !== undefined && declared.attributes === undefined) return undefined
    for (const attribute of declared?.attributes ?? []) found.add(attribute)
  }
  return found
}
