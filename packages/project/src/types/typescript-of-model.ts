/**
 * The entity model as TypeScript: what the readers of a repository return, with a map from names to it.
 *
 * @module
 */
import type { Association, EntityModel, EntityType, Property } from '@sluice/model'

/**
 * The text of a module that exports an interface for every entity type and for the properties of every association, and `Model`,
 * which `openProject<Model>()` and the like take. The same model gives the same text.
 */
export function typescriptOfModel(model: EntityModel): string {
  const types = [...model.entityTypes.values()]
  const associations = [...model.associations.values()]
  const names = namesFor(model)
  const hasFiles = types.some(({ properties }) => properties.some(({ type }) => type === 'file'))
  return [
    '// Made by `sluice types` of the model. What is changed here is gone when it is made again.',
    ...(hasFiles ? ["import type { StoredFile } from 'sluice'"] : []),
    ...types.map((type) => entityTypeText(model, type, names)),
    ...associations.map((association) => associationText(association, names)),
    modelText(types, associations, names),
  ]
    .join('\n\n')
    .concat('\n')
}

/** What each entity type and association is called in the module. */
interface Names {
  readonly entityTypes: ReadonlyMap<string, string>
  readonly associations: ReadonlyMap<string, string>
}

function namesFor({ entityTypes, associations }: EntityModel): Names {
  const taken = new Set(['Model', 'StoredFile'])
  const take = (name: string) => {
    const capital = name.charAt(0).toUpperCase() + name.slice(1)
    const free = [capital, `${capital}Type`, `${capital}Properties`].find((each) => !taken.has(each))
    const chosen = free ?? `${capital}${taken.size}`
    taken.add(chosen)
    return chosen
  }
  return {
    entityTypes: new Map([...entityTypes.keys()].map((name) => [name, take(name)])),
    associations: new Map([...associations.keys()].map((name) => [name, take(name)])),
  }
}

function entityTypeText(model: EntityModel, type: EntityType, names: Names): string {
  const base = model.entityTypes.get(type.extends ?? '')
  const inherited = new Map(base?.properties.map((property) => [property.name, property]))
  const own = type.properties.filter((property) => inherited.get(property.name) !== property)
  const heir = base === undefined ? '' : ` extends ${names.entityTypes.get(base.name)}`
  return `${docs('', type.description)}export interface ${names.entityTypes.get(type.name)}${heir} ${members(own, (property) => isAlwaysThere(model, type, property))}`
}

function associationText({ name, description, from, to, properties }: Association, names: Names): string {
  const between = `What is known of each link from ${from} to ${to}.`
  const text = [description, between].filter((part) => part !== undefined).join('\n\n')
  return `${docs('', text)}export interface ${names.associations.get(name)} ${members(properties, ({ required }) => required)}`
}

function modelText(types: readonly EntityType[], associations: readonly Association[], names: Names): string {
  const references = ({ properties }: EntityType) => {
    const found = properties.filter(({ type }) => type === 'reference').map(({ name }) => quoted(name))
    return found.length === 0 ? 'never' : found.join(' | ')
  }
  return [
    '/** For the library: `openProject<Model>()`. */',
    'export interface Model {',
    '  entityTypes: {',
    ...types.map(
      (type) =>
        `    ${type.name}: { values: ${names.entityTypes.get(type.name)}; references: ${references(type)} }`,
    ),
    '  }',
    '  associations: {',
    ...associations.map(({ name }) => `    ${name}: { properties: ${names.associations.get(name)} }`),
    '  }',
    '}',
  ].join('\n')
}

/** A type that extends it may not require what it requires; who reads the one gets resources of the other, too. */
function isAlwaysThere(model: EntityModel, type: EntityType, { name }: Property): boolean {
  const members = [...model.entityTypes.values()].filter((each) => isA(model, each, type.name))
  return members.every(({ properties }) => properties.find((one) => one.name === name)?.required === true)
}

function isA(model: EntityModel, type: EntityType | undefined, ancestor: string): boolean {
  if (type === undefined) return false
  return type.name === ancestor || isA(model, model.entityTypes.get(type.extends ?? ''), ancestor)
}

/** Secrets are not read. */
function members(properties: readonly Property[], isThere: (property: Property) => boolean): string {
  const read = properties.filter(({ type }) => type !== 'secret')
  if (read.length === 0) return '{}'
  const lines = read.map((property) => {
    const notes = [property.description, note(property)].filter((part) => part !== undefined)
    const orNull = isThere(property) ? '' : ' | null'
    return `${docs('  ', notes.join('\n\n'))}  ${property.name}: ${typeText(property)}${orNull}`
  })
  return ['{', ...lines, '}'].join('\n')
}

function typeText(property: Property): string {
  switch (property.type) {
    case 'integer':
      return 'number | string'
    case 'boolean':
      return 'boolean'
    case 'file':
      return 'StoredFile'
    case 'enum':
      return property.values.map(quoted).join(' | ')
    default:
      return 'string'
  }
}

/** What its type alone does not tell. */
function note(property: Property): string | undefined {
  switch (property.type) {
    case 'integer':
      return 'A text where a number of JavaScript cannot hold it.'
    case 'decimal':
      return 'The exact digits.'
    case 'date':
      return 'Such as `2026-01-31`.'
    case 'datetime':
      return 'An instant, such as `2026-01-31T09:30:00Z`.'
    case 'reference':
      return `What the ${property.to} is displayed by; its id is among the references.`
    default:
      return undefined
  }
}

function docs(indent: string, text: string | undefined): string {
  if (text === undefined || text === '') return ''
  const lines = text
    .trim()
    .replaceAll('*/', '*\\/')
    .split(/\r\n|\r|\n/)
  const [first = ''] = lines
  if (lines.length === 1) return `${indent}/** ${first} */\n`
  const inner = lines.map((line) => `${indent} * ${line}`.trimEnd())
  return `${[`${indent}/**`, ...inner, `${indent} */`].join('\n')}\n`
}

function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1)
  return `'${inner.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
