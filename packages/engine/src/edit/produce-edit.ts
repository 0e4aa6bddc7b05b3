/**
 * The producer of what people ask for: all of a request, or nothing.
 *
 *   edits → read against the model → resources found → change tables, locks, deletions → references and links elsewhere → change set
 *
 * @module
 */
import { type EditedResource, type EditRequest, namesIn, type ResourceName } from '@sluice/model'
import { columnOf, one, sql, statement } from '@sluice/repository'
import { finishChanges } from '../changes/finish-change-set.ts'
import type { Produced, Producer } from '../changes/produced.ts'
import { familyNames, type RunContext, type SourcePart } from '../context/run-context.ts'
import { keysInUse } from '../produce/compute-change-set.ts'
import { findChangedKeys } from '../resolve/changed-keys.ts'
import { linkChangeTable } from '../resolve/links/compare-pairs.ts'
import { resolveLinksElsewhere } from '../resolve/links/resolve-links.ts'
import { resolveReferencesElsewhere } from '../resolve/references-elsewhere.ts'
import { releaseReferring } from '../resolve/release-referring.ts'
import type { LookupKey } from '../sql/lookups.ts'
import { ContradictoryEditsError, NoSuchResourceError } from './edit-errors.ts'
import { type FoundLink, layOutLinks } from './edit-links.ts'
import { type Arriving, type FindNamed, findNamed, type Named } from './find-named.ts'
import { finishEdit, partOfPeople } from './finish-edit.ts'
import { hideSecrets } from './hide-secrets.ts'
import { layOutDeletions } from './lay-out-deletions.ts'
import { byType, layOutEdits, type ResourceEdit, type TypeEdits } from './lay-out-edits.ts'
import {
  describeName,
  type LinkEdit,
  type ReadEdits,
  readEdits,
  type TypedValue,
  typeNamed,
} from './read-edits.ts'

/** A producer, and the resources that its edits were about once it has produced. */
export interface EditProducer {
  readonly produce: Producer
  resources(): readonly EditedResource[]
}

export function produceEdit(request: EditRequest): EditProducer {
  let resources: readonly EditedResource[] = []
  return {
    resources: () => resources,
    produce: async (context) => {
      const started = performance.now()
      const found = await findEverything(context, request)
      resources = found.edits.map(({ edit, entityType, resourceId }) => ({ edit, entityType, resourceId }))
      const produced = await computeChanges(context, found, request)
      const stages = [{ stage: 'resolve' as const, milliseconds: Math.round(performance.now() - started) }]
      return { ...produced, stages }
    },
  }
}

interface FoundEdits {
  readonly edits: readonly ResourceEdit[]
  readonly links: readonly FoundLink[]
}

export async function findEverything(
  context: RunContext,
  request: Pick<EditRequest, 'edits'>,
): Promise<FoundEdits> {
  const read = readEdits(context.model, request.edits)
  const arriving = await giveIds(context, read)
  const find = await findNamed(context, namedIn(context, read), [...arriving.values()])
  const found = foundEdits(context, read, arriving, find)
  refuseTwice(found)
  const edits = await hideSecrets(context, found)
  return { edits, links: foundLinks(context, read.links, { find, edits }) }
}

/** Every new resource with the id it will have, by edit. */
async function giveIds(
  { session }: RunContext,
  { creations }: ReadEdits,
): Promise<ReadonlyMap<number, Arriving>> {
  if (creations.length === 0) return new Map()
  const drawn = statement<{ ids: readonly string[] }>(
    'edit/draw-ids',
    sql`select array_agg(nextval('sluice_resource_id')) as ids from generate_series(1, ${sql.literal(creations.length)})`,
  )
  const { ids } = await one(session, drawn)
  return new Map(
    creations.map(({ edit, type, values }, index) => [
      edit,
      { resourceId: String(ids[index]), entityType: type.name, values },
    ]),
  )
}

function namedIn(context: RunContext, { creations, updates, deletions, links }: ReadEdits): readonly Named[] {
  return [
    ...[...updates, ...deletions].map(({ edit, type, resource }) => ({ edit, type, name: resource })),
    ...[...creations, ...updates].flatMap(({ edit, values }) =>
      values.flatMap((value) => targetOf(context, edit, value) ?? []),
    ),
    ...links.flatMap((link) => [endOf(context, link, 'from'), endOf(context, link, 'to')]),
  ]
}

function targetOf({ model }: RunContext, edit: number, { property, target }: TypedValue): Named | undefined {
  if (property.type !== 'reference' || target === undefined) return undefined
  return { edit, type: typeNamed(model, property.to, edit), name: target, property: property.name }
}

function endOf(
  { model }: RunContext,
  link: LinkEdit,
  end: 'from' | 'to',
): Named & { readonly property: string } {
  const { edit, association } = link
  return { edit, type: typeNamed(model, association[end], edit), name: link[end], property: end }
}

function foundEdits(
  context: RunContext,
  { creations, updates, deletions }: ReadEdits,
  arriving: ReadonlyMap<number, Arriving>,
  find: FindNamed,
): readonly ResourceEdit[] {
  const columnsOf = (edit: number, values: readonly TypedValue[]) =>
    Object.assign({}, ...values.map((value) => columnsOfValue(context, edit, value, find)))
  const propertiesOf = (values: readonly TypedValue[]) => values.map(({ property }) => property)
  return [
    ...creations.flatMap(({ edit, name, values }): readonly ResourceEdit[] => {
      const made = arriving.get(edit)
      if (made === undefined) return []
      const { resourceId, entityType } = made
      const of = { edit, name, resourceId, entityType, version: undefined, operation: 'insert' as const }
      return [{ ...of, columns: columnsOf(edit, values), properties: propertiesOf(values) }]
    }),
    ...updates.map(
      ({ edit, name, type, resource, values, version }): ResourceEdit => ({
        ...find({ edit, type, name: resource }),
        ...{ edit, name, version, operation: 'update' },
        columns: columnsOf(edit, values),
        properties: propertiesOf(values),
      }),
    ),
    ...deletions.map(
      ({ edit, name, type, resource, version }): ResourceEdit => ({
        ...find({ edit, type, name: resource }),
        ...{ edit, name, version, operation: 'delete', columns: {}, properties: [] },
      }),
    ),
  ].sort((a, b) => a.edit - b.edit)
}

function columnsOfValue(
  context: RunContext,
  edit: number,
  value: TypedValue,
  find: FindNamed,
): Readonly<Record<string, string | null>> {
  if (value.target === undefined) return value.columns
  const named = targetOf(context, edit, value)
  return named === undefined ? {} : { [columnOf(value.property)]: find(named).resourceId }
}

function refuseTwice(edits: readonly ResourceEdit[]): void {
  const seen = new Map<string, ResourceEdit>()
  for (const edit of edits) {
    const before = seen.get(edit.resourceId)
    if (before !== undefined) throw new ContradictoryEditsError(edit.edit, before.edit, edit.name)
    seen.set(edit.resourceId, edit)
  }
}

/** What is deleted by the same request is not there to point to. */
function foundLinks(
  context: RunContext,
  links: readonly LinkEdit[],
  { find, edits }: { readonly find: FindNamed; readonly edits: readonly ResourceEdit[] },
): readonly FoundLink[] {
  const deleted = new Set(
    edits.filter(({ operation }) => operation === 'delete').map(({ resourceId }) => resourceId),
  )
  const gone = (edit: number, type: string, name: ResourceName, property: string) =>
    new NoSuchResourceError(edit, { type, name: describeName(name), property })
  for (const { edit, properties, columns } of edits) {
    for (const property of properties) {
      const id = columns[columnOf(property)]
      if (property.type === 'reference' && typeof id === 'string' && deleted.has(id))
        throw gone(edit, property.to, { id }, property.name)
    }
  }
  return links.map((link): FoundLink => {
    const { edit, name, association, values } = link
    const at = (end: 'from' | 'to') => {
      const named = endOf(context, link, end)
      const { resourceId } = find(named)
      if (deleted.has(resourceId)) throw gone(edit, named.type.name, named.name, end)
      return resourceId
    }
    return { edit, name, association, values, fromId: at('from'), toId: at('to') }
  })
}

async function computeChanges(
  context: RunContext,
  { edits, links }: FoundEdits,
  { role }: EditRequest,
): Promise<Omit<Produced, 'stages'>> {
  const part = partOfPeople(context)
  const types = byType(context, edits)
  const laidOut = await layOutEdits(context, types)
  const deleted = await layOutDeletions(context, laidOut, types, role)
  const keys = await findChangedKeys(part, { changes: laidOut, attached: [] }, keysChangedBy(part, types))
  const resolved = await resolveReferencesElsewhere(part, laidOut, [], keys)
  const elsewhere = await resolveLinksElsewhere(part, resolved, keys)
  const losing = types.filter(({ edits }) => edits.some(isDeletion)).map(({ type }) => type.name)
  const released = await releaseReferring(context, resolved, losing)
  const linked = await layOutLinks(context, links, released.links)
  const finished = await finishChanges(context, released.changes, [
    ...elsewhere.map(linkChangeTable),
    ...linked,
  ])
  const edited = new Set(types.map(({ type }) => type.name))
  return await finishEdit(part, finished, { edited, ...deleted, merges: [] })
}

function isDeletion({ operation }: ResourceEdit): boolean {
  return operation === 'delete'
}

/** By what sources find resources whose answer to it the edits may change. */
function keysChangedBy(part: SourcePart, types: readonly TypeEdits[]): readonly LookupKey[] {
  const mayChange = ({ edits }: TypeEdits, by: string) =>
    edits.some(
      ({ operation, properties }) =>
        operation !== 'update' || properties.some(({ name }) => namesIn(by).includes(name)),
    )
  return keysInUse(part, []).filter(({ entityType, by }) => {
    const names = familyNames(part.model, entityType)
    return types.some((of) => names.includes(of.type.name) && mayChange(of, by))
  })
}
