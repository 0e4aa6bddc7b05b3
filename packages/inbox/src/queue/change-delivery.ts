/**
 * What happens to a delivery in the queue.
 *
 * Being a row, it changes in the same transaction as the repository, so a delivery is applied exactly
 * when its state says so.
 *
 * @module
 */
import { type DeliveryEvent, deliveryLife, type RunBy, storableJson } from '@sluice/model'
import type { DeclaredFile, Manifest } from '@sluice/protocol'
import { run, type Session, type Statement, sql, statement } from '@sluice/repository'
import { stateIn } from './queued-delivery.ts'

export interface NewDelivery {
  readonly id: string
  readonly source: string
  readonly mode: string
  readonly base: string | undefined
  readonly by: RunBy
}

/** `false` where a delivery has the id already. */
export async function insertDelivery(session: Session, delivery: NewDelivery): Promise<boolean> {
  return await changesOne(session, insertion(delivery))
}

function insertion({ id, source, mode, base, by }: NewDelivery): Statement {
  return statement(
    'queue/insert',
    sql`insert into sluice_delivery (delivery_id, source_id, mode, base, state, by_kind, by_name)
    select ${sql.value(id)}::uuid, source_id, ${sql.value(mode)}, ${sql.value(base ?? null)}::uuid,
      ${sql.literal(deliveryLife.start)}, ${sql.literal(by.kind)}, ${sql.value(by.name)}
    from sluice_source where name = ${sql.value(source)}
    on conflict (delivery_id) do nothing`,
  )
}

/** Does to a delivery what the event does to its state; `false`, and nothing is changed, where that ignores it. */
export async function moveDelivery(
  session: Session,
  id: string,
  event: DeliveryEvent,
  reason: string | null = null,
): Promise<boolean> {
  return await changesOne(session, move(id, event, reason))
}

function move(id: string, event: DeliveryEvent, reason: string | null): Statement {
  const to = deliveryLife.destinationOf(event)
  const finished = deliveryLife.isOpen(to) ? sql.null : sql`now()`
  const aside = event === 'putAside' ? sql`now()` : sql.null
  const deaths = event === 'released' ? sql`0` : sql`d.deaths`
  return statement(
    `queue/${event}`,
    sql`update sluice_delivery d
    set state = ${sql.literal(to)}, reason = ${sql.value(reason)}, finished_at = ${finished}, aside_at = ${aside},
      deaths = ${deaths}
    where d.delivery_id = ${sql.value(id)} and ${stateIn(sql`d`, deliveryLife.statesThatTake(event))}`,
  )
}

/**
 * Notes that a process died in the middle of the delivery's run; how many have by now. `undefined`, and nothing is noted,
 * where no run can work on it any more.
 */
export async function countDeath(session: Session, id: string): Promise<number | undefined> {
  const { rows } = await run(session, death(id))
  return rows[0]?.deaths
}

function death(id: string): Statement<{ deaths: number }> {
  return statement(
    'queue/count-death',
    sql`update sluice_delivery d set deaths = d.deaths + 1
    where d.delivery_id = ${sql.value(id)} and ${stateIn(sql`d`, deliveryLife.statesThatTake('putAside'))}
    returning d.deaths`,
  )
}

/** `spent`: milliseconds that checking the files took. */
export async function sealDelivery(
  session: Session,
  id: string,
  manifest: Manifest,
  spent: number,
): Promise<boolean> {
  return await changesOne(session, seal(id, manifest, spent))
}

function seal(id: string, manifest: Manifest, spent: number): Statement {
  return statement(
    'queue/sealed',
    sql`update sluice_delivery d
    set state = ${sql.literal(deliveryLife.destinationOf('sealed'))}, sealed_at = now(),
      manifest = ${sql.value(storableJson(manifest))}::jsonb, receive_milliseconds = ${sql.value(Math.round(spent))}
    where d.delivery_id = ${sql.value(id)} and ${stateIn(sql`d`, deliveryLife.statesThatTake('sealed'))}`,
  )
}

/**
 * As `moveDelivery`, but one that a run works on at this moment stays: it is not waited for, and not taken
 * from under the run.
 */
export async function moveWaiting(
  session: Session,
  id: string,
  event: DeliveryEvent,
  reason: string,
): Promise<boolean> {
  return (
    (await changesOne(session, lockIfFree(id, event))) && (await moveDelivery(session, id, event, reason))
  )
}

function lockIfFree(id: string, event: DeliveryEvent): Statement {
  return statement(
    'queue/lock-if-free',
    sql`select from sluice_delivery d
    where d.delivery_id = ${sql.value(id)} and ${stateIn(sql`d`, deliveryLife.statesThatTake(event))}
    for update skip locked`,
  )
}

/** Remembers that the agent was heard of; `false` for a delivery that takes no more files. */
export async function touchDelivery(
  session: Session,
  id: string,
  declared?: readonly DeclaredFile[],
): Promise<boolean> {
  return await changesOne(session, touch(id, declared))
}

function touch(id: string, declared: readonly DeclaredFile[] | undefined): Statement {
  const files =
    declared === undefined ? sql.blank : sql`, declared = ${sql.value(JSON.stringify(declared))}::jsonb`
  return statement(
    'queue/touch',
    sql`update sluice_delivery d set touched_at = now()${files}
    where d.delivery_id = ${sql.value(id)} and ${stateIn(sql`d`, deliveryLife.statesThatTake('sealed'))}`,
  )
}

/** Keeps a delivery as it is to the end of the transaction. */
export async function lockDelivery(session: Session, id: string): Promise<void> {
  await run(session, lock(id))
}

function lock(id: string): Statement {
  return statement(
    'queue/lock',
    sql`select from sluice_delivery where delivery_id = ${sql.value(id)} for update`,
  )
}

/** Runs a statement about one delivery; `false` where its condition left that out. */
async function changesOne(session: Session, of: Statement): Promise<boolean> {
  const { count } = await run(session, of)
  return count === 1
}
