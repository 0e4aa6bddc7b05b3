/**
 * What one token may have in the inbox at a time: so that an agent that goes wrong, or whoever has stolen its token, fills no disk and no
 * queue for the others.
 *
 * @module
 */
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { deliveryLife, type RunBy } from '@sluice/model'
import { type Database, run, type Statement, sql, statement } from '@sluice/repository'
import { stateIn } from '../queue/queued-delivery.ts'
import { QuotaReachedError } from './upload-errors.ts'

export interface QuotaLimits {
  /** Deliveries that are announced and not sealed; any number when absent. */
  readonly unsealedDeliveries?: number | undefined
  /** Bytes of the files of all deliveries that are not over; any number when absent. */
  readonly inboxSize?: number | undefined
}

export interface Quota {
  /** Throws `QuotaReachedError` where a new delivery of so many bytes is one too many. */
  admit(by: RunBy, delivery: { readonly id: string; readonly size: number }): Promise<void>
  /** Throws `QuotaReachedError` where there is no room for more of the files of a delivery. */
  requireRoom(by: RunBy): Promise<void>
}

export function quotaOf(
  database: Database,
  { unsealedDeliveries, inboxSize }: QuotaLimits,
  folderOf: (delivery: string) => string,
): Quota {
  const openOf = async (by: RunBy) =>
    (await database.session((session) => run(session, openDeliveries(by)))).rows
  const sizeOf = async (all: readonly Open[]) => {
    const sizes = await Promise.all(all.map(({ id }) => sizeOfFolder(folderOf(id))))
    return sizes.reduce((sum, size) => sum + size, 0)
  }
  return {
    async admit(by, { id, size }) {
      // Whoever has no token is this process itself.
      if (by.kind !== 'token') return
      const others = (await openOf(by)).filter((one) => one.id !== id)
      const unsealed = others.filter((one) => one.unsealed).length
      if (unsealedDeliveries !== undefined && unsealed >= unsealedDeliveries)
        throw new QuotaReachedError(
          by.name,
          `${unsealed} deliveries whose files have not all arrived`,
          'unsealedDeliveries',
        )
      if (inboxSize !== undefined && (await sizeOf(others)) + size > inboxSize)
        throw new QuotaReachedError(by.name, `more than ${inboxSize} bytes in the inbox`, 'inboxSize')
    },
    async requireRoom(by) {
      if (by.kind !== 'token' || inboxSize === undefined) return
      if ((await sizeOf(await openOf(by))) > inboxSize)
        throw new QuotaReachedError(by.name, `more than ${inboxSize} bytes in the inbox`, 'inboxSize')
    },
  }
}

interface Open {
  readonly id: string
  readonly unsealed: boolean
}

function openDeliveries({ kind, name }: RunBy): Statement<Open> {
  return statement(
    'queue/open-of-token',
    sql`select d.delivery_id as id, ${stateIn(sql`d`, deliveryLife.statesThatTake('sealed'))} as unsealed
    from sluice_delivery d
    where ${stateIn(sql`d`, deliveryLife.open)} and d.by_kind = ${sql.value(kind)} and d.by_name = ${sql.value(name)}`,
  )
}

async function sizeOfFolder(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => [])
  const sizes = names.map(async (name) => (await lstat(join(folder, name)).catch(() => undefined))?.size ?? 0)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}
