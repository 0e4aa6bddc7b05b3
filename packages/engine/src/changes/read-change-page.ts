/**
 * One page of the changes of a run, behind the one before: by the place of its last change and not by how many came before, so that the
 * last of a million is as near as the first.
 *
 * @module
 */
import type { Change, ChangesPage, ChangesPageOptions, EntityModel } from '@sluice/model'
import { CursorError, type Session, type SQL, sql } from '@sluice/repository'
import { z } from 'zod'
import type { ChangePage } from './change-pages.ts'
import type { PlacedChange } from './change-rows.ts'
import type { ChangeSet } from './change-set.ts'
import { hasBlocks } from './history-blocks.ts'
import type { HistoryPlace } from './history-order.ts'
import {
  type AppliedRun,
  historyPage,
  linkedAssociations,
  linkHistoryPage,
  placeOf,
} from './read-applied-changes.ts'
import { changesByKind } from './read-changes.ts'

interface ChangesOf {
  readonly model: EntityModel
  readonly runId: number
  /** `undefined`: it is decided, and its history tells. */
  readonly held: ChangeSet | undefined
}

type Place = readonly (string | null)[]

/** Changes that have one order. */
interface Part {
  readonly name: string
  placeOf(placed: PlacedChange): Place
  read(session: Session, limit: number, behind: Place | undefined): Promise<readonly PlacedChange[]>
}

export async function readChangePage(
  session: Session,
  of: ChangesOf,
  { limit, cursor, ...filter }: ChangesPageOptions,
): Promise<ChangesPage> {
  const parts =
    of.held === undefined ? await partsOfHistory(session, of, filter) : partsHeld(of, of.held, filter)
  const from = cursor === undefined ? undefined : readCursor(cursor)
  const first = from === undefined ? 0 : parts.findIndex(({ name }) => name === from.part)
  if (first < 0) throw new CursorError('the run was decided since, or other changes were asked for')
  const found: { readonly change: Change; readonly cursor: string }[] = []
  for (const [index, part] of parts.slice(first).entries()) {
    const behind = index === 0 ? from?.place : undefined
    // One more tells whether there is another page.
    for (const placed of await part.read(session, limit + 1 - found.length, behind))
      found.push({
        change: placed.change,
        cursor: writeCursor({ part: part.name, place: part.placeOf(placed) }),
      })
    if (found.length > limit) break
  }
  return {
    changes: found.slice(0, limit).map(({ change }) => change),
    next: found.length > limit ? (found[limit - 1]?.cursor ?? null) : null,
  }
}

type Filter = Omit<ChangesPageOptions, 'limit' | 'cursor'>

function partsHeld({ model }: ChangesOf, held: ChangeSet, filter: Filter): readonly Part[] {
  return changesByKind(model, held, filter).map(({ kind, name, read }) => ({
    name: `${kind} ${name}`,
    placeOf: ({ place }) => place,
    read: async (session, limit, behind) => {
      const found: PlacedChange[] = []
      for (const condition of kind === 'entity' ? behindEntity(behind) : behindLink(behind)) {
        const page: ChangePage = { limit: limit - found.length, offset: 0, behind: condition }
        if (page.limit > 0) found.push(...(await read(session, page)))
      }
      return found
    },
  }))
}

/** Those that have no key come last; two conditions, because an index serves no alternative. */
function behindEntity(place: Place | undefined): readonly SQL[] {
  const [key, id] = place ?? []
  const keyless = sql`c._key is null`
  if (id === undefined || id === null) return [sql`c._key is not null`, keyless]
  const behindId = sql`c.resource_id > ${sql.value(id)}::bigint`
  if (key === undefined || key === null) return [sql`${keyless} and ${behindId}`]
  return [sql`(c._key, c.resource_id) > (${sql.value(key)}, ${sql.value(id)}::bigint)`, keyless]
}

function behindLink(place: Place | undefined): readonly SQL[] {
  if (place === undefined) return [sql.true]
  return [sql`(c.from_id, c.to_id) > (${idAt(place, 0)}, ${idAt(place, 1)})`]
}

async function partsOfHistory(
  session: Session,
  { model, runId }: ChangesOf,
  filter: Filter,
): Promise<readonly Part[]> {
  const applied: AppliedRun = { model, runId, inBlocks: await hasBlocks(session, runId) }
  const resources: Part = {
    name: 'resources',
    placeOf: (placed) => {
      const { type, operation, key, id } = placeOf(placed)
      return [type, operation, key, id]
    },
    read: (session, limit, place) =>
      historyPage(session, applied, filter, { limit, behind: entityAt(place) }),
  }
  const associations = await linkedAssociations(session, applied, filter)
  return [
    resources,
    ...associations.map(
      (association): Part => ({
        name: `links ${association}`,
        placeOf: ({ change, place }) => [change.operation, ...place],
        read: (session, limit, place) =>
          linkHistoryPage(
            session,
            applied,
            { association, filter },
            { limit, behind: linkAt(association, place) },
          ),
      }),
    ),
  ]
}

function entityAt(place: Place | undefined): HistoryPlace | undefined {
  if (place === undefined) return undefined
  const [type, operation, key, id] = place
  return { type: type ?? '', operation: operation ?? '', key: key ?? '', id: id ?? '0', to: '0' }
}

function linkAt(type: string, place: Place | undefined): HistoryPlace | undefined {
  if (place === undefined) return undefined
  const [operation, from, to] = place
  return { type, operation: operation ?? '', key: '', id: from ?? '0', to: to ?? '0' }
}

function idAt(place: Place, index: number): SQL {
  return sql`${sql.value(place[index] ?? '0')}::bigint`
}

/** No text of PostgreSQL holds a NUL. */
const textSchema = z.string().refine((text) => !text.includes('\0'))
const cursorSchema = z.strictObject({
  part: z.string(),
  place: z.array(textSchema.nullable()).min(2).max(4).readonly(),
})
type Cursor = Readonly<z.infer<typeof cursorSchema>>

function writeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url')
}

function readCursor(text: string): Cursor {
  const { data } = cursorSchema.safeParse(asJson(Buffer.from(text, 'base64url').toString()))
  const ids = data?.place.filter(
    (_, index) => index >= data.place.length - (data.part.startsWith('link') ? 2 : 1),
  )
  if (data === undefined || ids?.some((id) => id === null || !/^\d{1,18}$/.test(id)) === true)
    throw new CursorError('it is not one that a list returned')
  return data
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
