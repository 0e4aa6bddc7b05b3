/**
 * What the commands of a file mean to each of the mappings that it feeds.
 *
 * A row of changes is of one thing: the person who left, not the department that stands beside his name. Its command acts on the
 * mapping whose key the row's is, the links of that entity follow it, and of everything else the row says only that it exists.
 * Agent and server both ask here, so that they mean the same rows.
 *
 * @module
 */
import type { EntityModel } from '../entity/entity-model.ts'
import { plainPath } from './mapped-tables.ts'
import type { AssociationMapping, EntityMapping, Source } from './source.ts'

export type LinkEnd = 'from' | 'to'

/** What becomes of the rows that say something of a mapping. */
export type CommandRole =
  /** Commands act on it, as they are written. */
  | { readonly kind: 'commanded' }
  /** Links of the commanded entity, which is at this end: they become what its rows say. */
  | { readonly kind: 'following'; readonly end: LinkEnd }
  /** It is inserted or updated, never deleted; what a row says that deletes something else is nothing to it. */
  | { readonly kind: 'mentioned' }

export type CommandRoles =
  | {
      readonly kind: 'commands'
      /** The mapping whose rows they are; and whether its `commands: true` says so. */
      readonly commanded: string
      readonly configured: boolean
      readonly column: CommandColumn
      /** Of every mapping of the file, by its name. */
      readonly roles: ReadonlyMap<string, CommandRole>
    }
  /** `commands: false`: a column of that name is data. */
  | { readonly kind: 'data' }
  /** Nothing tells which of these the rows are of. */
  | { readonly kind: 'unclear'; readonly candidates: readonly string[]; readonly column: CommandColumn }

/** The column of a file that says what changed. */
export interface CommandColumn {
  readonly name: string
  /** Whether a column of this name is it, unless it is mapped; in any case. */
  readonly matches: (name: string) => boolean
}

/** `command`, unless a mapping of the file names another. */
export function commandColumnOf(source: Source, file: string): CommandColumn {
  const named = feedsOf(source, file).find(({ mapping }) => mapping.commandColumn !== undefined)
  const name = named?.mapping.commandColumn ?? 'command'
  return { name, matches: (other) => other.toLowerCase() === name.toLowerCase() }
}

/** A column of commands says something in the file: to one of its mappings at least. */
export function mayHoldCommands(source: Source, file: string): boolean {
  const feeds = feedsOf(source, file)
  return feeds.some(({ mapping }) => mapping.commands === true) || subjectsOf(feeds).length > 0
}

/** Of the mappings that read the file. */
export function commandRoles(source: Source, model: EntityModel, file: string): CommandRoles {
  const feeds = feedsOf(source, file)
  const configured = feeds.filter(({ mapping }) => mapping.commands === true)
  const [first, ...others] = configured.length > 0 ? configured : candidatesOf(feeds, model)
  if (first === undefined) return { kind: 'data' }
  const column = commandColumnOf(source, file)
  if (others.length > 0)
    return { kind: 'unclear', candidates: [first, ...others].map(({ mapping }) => mapping.name), column }
  const roles = feeds.map((feed) => [feed.mapping.name, roleOf(feed, first, model)] as const)
  const commanded = first.mapping.name
  return { kind: 'commands', commanded, configured: configured.length > 0, column, roles: new Map(roles) }
}

type Feed =
  | { readonly kind: 'entity'; readonly mapping: EntityMapping }
  | { readonly kind: 'association'; readonly mapping: AssociationMapping }

function feedsOf({ entities, associations }: Source, file: string): readonly Feed[] {
  const all: readonly Feed[] = [
    ...entities.map((mapping) => ({ kind: 'entity', mapping }) as const),
    ...associations.map((mapping) => ({ kind: 'association', mapping }) as const),
  ]
  return all.filter(({ mapping }) => plainPath(mapping.file) === plainPath(file))
}

/** What a row may be of: an association is the subject of a file that feeds nothing else; beside an entity it is a property of that. */
function subjectsOf(feeds: readonly Feed[]): readonly Feed[] {
  const entities = feeds.filter(({ kind }) => kind === 'entity')
  return (entities.length > 0 ? entities : feeds).filter(({ mapping }) => mapping.commands !== false)
}

/** Those of them that the configuration leaves: who refers to all others leads. */
function candidatesOf(feeds: readonly Feed[], model: EntityModel): readonly Feed[] {
  const subjects = subjectsOf(feeds)
  const entities = subjects.flatMap((feed) => (feed.kind === 'entity' ? [feed.mapping] : []))
  const associations = feeds.flatMap((feed) => (feed.kind === 'association' ? [feed.mapping] : []))
  const refers = (one: EntityMapping, other: EntityMapping) =>
    refersTo(one, other, model) || associations.some((link) => belongsTo(one, other, link, model))
  const leading = entities.filter((one) => {
    const reached = reachableFrom(one, entities, refers)
    return entities.every((other) => reached.has(other))
  })
  const [first, ...others] = leading
  return first === undefined || others.length > 0 ? subjects : [{ kind: 'entity', mapping: first }]
}

/** What one mapping refers to, and what that refers to, and so on. */
function reachableFrom(
  one: EntityMapping,
  all: readonly EntityMapping[],
  refers: (one: EntityMapping, other: EntityMapping) => boolean,
): ReadonlySet<EntityMapping> {
  const reached = new Set<EntityMapping>([one])
  for (const at of reached) for (const other of all) if (refers(at, other)) reached.add(other)
  return reached
}

/** A reference of one mapping reads the columns by which the other mapping's resource of the same row is found. */
function refersTo(one: EntityMapping, other: EntityMapping, model: EntityModel): boolean {
  const properties = model.entityTypes.get(one.entityType)?.properties ?? []
  return one.properties.some(({ property: name, column, by, parts = [{ column, by }] }) => {
    const property = properties.find((candidate) => candidate.name === name)
    if (property?.type !== 'reference' || by === undefined) return false
    const reads = parts.every((part) => columnOf(other, part.by ?? '') === part.column)
    return isA(other.entityType, property.to, model) && reads
  })
}

/** A link that an entity has at most one of, to the other mapping's resource of the same row. */
function belongsTo(
  one: EntityMapping,
  other: EntityMapping,
  link: AssociationMapping,
  model: EntityModel,
): boolean {
  const single = singleEndOf(link, model)
  if (single === undefined) return false
  const far = single === 'from' ? 'to' : 'from'
  return standsAt(one, link, single, model) && standsAt(other, link, far, model)
}

function roleOf(feed: Feed, commanded: Feed, model: EntityModel): CommandRole {
  if (feed.mapping.name === commanded.mapping.name) return { kind: 'commanded' }
  if (feed.kind === 'entity' || commanded.kind === 'association') return { kind: 'mentioned' }
  if (feed.mapping.commands === false) return { kind: 'mentioned' }
  const end = ownEnd(feed.mapping, commanded.mapping, model)
  return end === undefined ? { kind: 'mentioned' } : { kind: 'following', end }
}

/** The end of the link at which the entity of the same row stands; `undefined` where it is a link among others. */
function ownEnd(link: AssociationMapping, entity: EntityMapping, model: EntityModel): LinkEnd | undefined {
  const byColumn = ends.filter((end) => standsAt(entity, link, end, model))
  const byType = ends.filter((end) => isA(entity.entityType, typeAt(link, end, model), model))
  const found = byColumn.length > 0 ? byColumn : byType
  return found.length === 1 ? found[0] : found.find((end) => end === singleEndOf(link, model))
}

const ends = ['from', 'to'] as const

/** The end is named by the column that holds the entity's own value. */
function standsAt(
  entity: EntityMapping,
  link: AssociationMapping,
  end: LinkEnd,
  model: EntityModel,
): boolean {
  const { column, by } = link[end]
  return isA(entity.entityType, typeAt(link, end, model), model) && columnOf(entity, by) === column
}

function typeAt({ association }: AssociationMapping, end: LinkEnd, model: EntityModel): string | undefined {
  return model.associations.get(association)?.[end]
}

function singleEndOf({ association }: AssociationMapping, model: EntityModel): LinkEnd | undefined {
  const cardinality = model.associations.get(association)?.cardinality
  return cardinality === 'many-to-one' ? 'from' : cardinality === 'one-to-many' ? 'to' : undefined
}

function columnOf({ properties }: EntityMapping, name: string): string | undefined {
  return properties.find(({ property }) => property === name)?.column
}

function isA(entityType: string, base: string | undefined, { entityTypes }: EntityModel): boolean {
  for (let name: string | undefined = entityType; name !== undefined; name = entityTypes.get(name)?.extends)
    if (name === base) return true
  return false
}

/** What is to be known of a file whose column of commands was detected, in sentences. */
export function commandsDetected(
  file: string,
  column: string,
  { commanded, roles }: Extract<CommandRoles, { kind: 'commands' }>,
): string {
  const named = (kind: CommandRole['kind']) =>
    [...roles].filter(([, role]) => role.kind === kind).map(([name]) => name)
  const following = named('following')
  const mentioned = named('mentioned')
  const sentences = [
    `The column ${column} of ${file} is taken for commands: they act on ${commanded}`,
    ...(following.length === 0 ? [] : [`the links of ${inWords(following)} follow its rows`]),
    ...(mentioned.length === 0
      ? []
      : [
          `a row says of ${inWords(mentioned)} only that ${mentioned.length === 1 ? 'it exists' : 'they exist'}`,
        ]),
  ]
  return `${sentences.join('; ')}.`
}

function inWords(names: readonly string[]): string {
  const [last = '', ...others] = [...names].reverse()
  return others.length === 0 ? last : `${others.reverse().join(', ')} and ${last}`
}
