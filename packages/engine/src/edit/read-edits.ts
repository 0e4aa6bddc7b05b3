/**
 * Edits as people write them, read against the model: names that are there, values that their properties can hold.
 *
 * Pure: whatever can be refused without a look at what is stored is refused here.
 *
 * @module
 */
import {
  type Association,
  type Edit,
  type EditedValue,
  type EditedValues,
  type EntityModel,
  type EntityType,
  isSecret,
  legalValue,
  type Property,
  type ResourceName,
} from '@sluice/model'
import { columnsOf, family } from '@sluice/repository'
import {
  AbstractTypeError,
  IllegalValueError,
  RequiredValueError,
  type Subject,
  UnknownInEditError,
} from './edit-errors.ts'

/** A property with what its columns are to hold, as text; of a reference, its target by name. */
export type TypedValue =
  | {
      readonly property: Property
      readonly columns: Readonly<Record<string, string | null>>
      readonly target?: undefined
    }
  | { readonly property: Property; readonly target: ResourceName }

interface Typed extends Subject {
  readonly type: EntityType
}

interface Creation extends Typed {
  readonly values: readonly TypedValue[]
}

interface Update extends Typed {
  readonly resource: ResourceName
  readonly values: readonly TypedValue[]
  readonly version: string | undefined
}

type Deletion = Omit<Update, 'values'>

export interface LinkEdit extends Subject {
  readonly association: Association
  readonly from: ResourceName
  readonly to: ResourceName
  /** `undefined`: the link is to be removed. */
  readonly values: readonly TypedValue[] | undefined
}

export interface ReadEdits {
  readonly creations: readonly Creation[]
  readonly updates: readonly Update[]
  readonly deletions: readonly Deletion[]
  readonly links: readonly LinkEdit[]
}

export function readEdits(model: EntityModel, edits: readonly Edit[]): ReadEdits {
  const creations: Creation[] = []
  const updates: Update[] = []
  const deletions: Deletion[] = []
  const links: LinkEdit[] = []
  edits.forEach((asked, edit) => {
    switch (asked.action) {
      case 'create':
        creations.push(readCreation(model, asked, edit))
        break
      case 'update': {
        const of = aboutResource(model, asked, edit)
        updates.push({ ...of, values: readValues(of, of.type, asked.values) })
        break
      }
      case 'delete':
        deletions.push(aboutResource(model, asked, edit))
        break
      case 'link':
      case 'unlink':
        links.push(readLink(model, asked, edit))
        break
    }
  })
  return { creations, updates, deletions, links }
}

type Asked<Action extends Edit['action']> = Extract<Edit, { readonly action: Action }>

function readCreation(model: EntityModel, { type: name, values }: Asked<'create'>, edit: number): Creation {
  const type = typeNamed(model, name, edit)
  if (type.abstract) {
    throw new AbstractTypeError(
      edit,
      name,
      family(model, name).map((one) => one.name),
    )
  }
  const subject = { edit, name: `the new ${name}` }
  const read = readValues(subject, type, values)
  requireAll(subject, type.properties, read)
  return { ...subject, type, values: read }
}

function aboutResource(
  model: EntityModel,
  { type, resource, version }: Asked<'update' | 'delete'>,
  edit: number,
): Deletion {
  const name = `${type} ${describeName(resource)}`
  return { edit, name, type: typeNamed(model, type, edit), resource, version }
}

function readLink(model: EntityModel, asked: Asked<'link' | 'unlink'>, edit: number): LinkEdit {
  const { from, to } = asked
  const association = model.associations.get(asked.association)
  if (association === undefined) {
    const known = [...model.associations.keys()]
    throw new UnknownInEditError(edit, { kind: 'association', name: asked.association, known })
  }
  const name = `link of ${association.name} from ${describeName(from)} to ${describeName(to)}`
  const subject = { edit, name }
  if (asked.action === 'unlink') return { ...subject, association, from, to, values: undefined }
  const values = readValues(subject, association, asked.properties ?? {})
  return { ...subject, association, from, to, values }
}

/** What is missing of a new resource or link. */
export function requireAll(
  subject: Subject,
  properties: readonly Property[],
  values: readonly TypedValue[],
): void {
  const missing = properties.find(
    ({ name, required }) => required && !values.some(({ property }) => property.name === name),
  )
  if (missing !== undefined) throw new RequiredValueError(subject, missing.name)
}

/** A resource's name as messages write it. */
export function describeName(name: ResourceName): string {
  if (typeof name === 'string') return /^#\d+$/.test(name) ? name : `"${name}"`
  return 'id' in name ? `#${name.id}` : `${name.property} "${name.value}"`
}

export function typeNamed(model: EntityModel, name: string, edit: number): EntityType {
  const type = model.entityTypes.get(name)
  if (type !== undefined) return type
  throw new UnknownInEditError(edit, { kind: 'entity type', name, known: [...model.entityTypes.keys()] })
}

function readValues(
  subject: Subject,
  owner: EntityType | Association,
  values: EditedValues,
): readonly TypedValue[] {
  return Object.entries(values).map(([name, value]) => {
    const property = owner.properties.find((candidate) => candidate.name === name)
    if (property === undefined) {
      const known = owner.properties.map((one) => one.name)
      throw new UnknownInEditError(subject.edit, { kind: 'property', name, known, owner: owner.name })
    }
    const read = readValue(subject, property, value)
    if (property.required && read.target === undefined && isEmpty(read.columns))
      throw new RequiredValueError(subject, name)
    return read
  })
}

function isEmpty(columns: Readonly<Record<string, string | null>>): boolean {
  return Object.values(columns).every((value) => value === null)
}

function readValue(subject: Subject, property: Property, value: EditedValue): TypedValue {
  if (value === null || value === '') return { property, columns: columnsWith(property, []) }
  const illegal = (expected: string) =>
    new IllegalValueError(
      subject,
      property.name,
      isSecret(property) ? 'what it was given' : JSON.stringify(value),
      expected,
    )
  if (property.type === 'reference') {
    const target = typeof value === 'number' ? String(value) : value
    if (typeof target === 'string' || isResourceName(target)) return { property, target }
    throw illegal(`the name of a resource of ${property.to}`)
  }
  if (property.type === 'file') {
    if (typeof value !== 'object' || !('content' in value))
      throw illegal('a file such as {"content": "aGVsbG8=", "name": "hello.txt", "mediaType": "text/plain"}')
    const { content, name, mediaType } = value
    return { property, columns: columnsWith(property, [content, name, mediaType]) }
  }
  if (isRounded(value)) throw illegal('given as a text: a number of that size was rounded before it was read')
  const { isLegal, expected } = legalValue(property, {})
  const text = textOf(value)
  if (text === undefined || !isLegal(text)) throw illegal(expected)
  return { property, columns: columnsWith(property, [text]) }
}

/** The property's columns; those without a value are empty. */
function columnsWith(
  property: Property,
  values: readonly (string | undefined)[],
): Readonly<Record<string, string | null>> {
  return Object.fromEntries(columnsOf(property).map(({ name }, index) => [name, values[index] ?? null]))
}

/** The number that was written may be another than the one that was read. */
function isRounded(value: EditedValue): boolean {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
}

/** `undefined` where the database could not hold it as it is meant. */
function textOf(value: Exclude<EditedValue, null>): string | undefined {
  if (typeof value === 'object') return undefined
  const text = String(value)
  return text.includes('\0') || !text.isWellFormed() ? undefined : text
}

function isResourceName(value: EditedValue): value is Exclude<ResourceName, string> {
  return typeof value === 'object' && value !== null && ('id' in value || 'property' in value)
}
