/**
 * Ties an inbox folder to its repository.
 *
 * Two servers of one repository with different folders would each miss the files that the other one received, so
 * the folder carries a marker with an id that the repository knows. Changing the folder is possible while no
 * delivery waits in it. A folder that is empty in the place of the one before has lost it, and is taken as it is.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { makePrivate, privateFolderMode, readIfThere, writeDurably } from '@sluice/files'
import { deliveryLife } from '@sluice/model'
import {
  type Database,
  one,
  run,
  type Session,
  type SQL,
  type Statement,
  sql,
  statement,
} from '@sluice/repository'
import { z } from 'zod'
import { InboxElsewhereError } from '../queue/delivery-errors.ts'
import { stateIn } from '../queue/queued-delivery.ts'

const markerName = 'inbox.json'
const markerSchema = z.object({ id: z.uuid() })

/** Returns the id under which the folder is the repository's inbox. */
export async function claimInbox(database: Database, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: privateFolderMode })
  const claimed = await database.transaction(async (session) => {
    // Servers that start at once decide one after the other.
    await run(session, lockClaims)
    const known = await knownInbox(session)
    const marked = await readMarker(folder)
    if (known !== undefined && known.id === marked) return marked
    // It is where it was, and what it held is gone: a pod on another node, a dump on another machine. Nobody brings that back.
    const gone = marked === undefined && known !== undefined && resolve(known.folder) === resolve(folder)
    if (known !== undefined && !gone) await refuseWhileWaiting(session, folder, known.folder)
    if (marked !== undefined) await refuseForeign(folder)
    const id = marked ?? (await writeMarker(folder))
    await run(session, rememberClaim(id, folder))
    return id
  })
  // With its marker it is ours, however it was made.
  await makePrivate(folder)
  return claimed
}

const lockClaims = statement('claim/lock', sql`lock table sluice_inbox in share row exclusive mode`)

function rememberClaim(id: string, folder: string): Statement {
  return statement(
    'claim/remember',
    sql`insert into sluice_inbox (inbox_id, folder) values (${sql.value(id)}::uuid, ${sql.value(folder)})
    on conflict (only_row) do update set inbox_id = excluded.inbox_id, folder = excluded.folder, claimed_at = now()`,
  )
}

/** Locked by an announcement to its end, so that no other folder becomes the inbox meanwhile. */
export async function checkClaim(session: Session, folder: string, id: string): Promise<void> {
  const known = await knownInbox(session, sql`for share`)
  if (known?.id === id) return
  const why =
    known === undefined
      ? 'the repository no longer knows this server'
      : `another server has made ${known.folder} the inbox of the repository`
  throw new InboxElsewhereError(
    folder,
    why,
    'Give all servers the same inbox folder and start this one again.',
  )
}

/** For whoever has not claimed the folder: servers may have made another one the inbox of the repository. */
export async function refuseElsewhere(session: Session, folder: string): Promise<void> {
  const known = await knownInbox(session)
  if (known === undefined || known.id === (await readMarker(folder))) return
  throw new InboxElsewhereError(
    folder,
    `a server takes the deliveries of this repository into ${known.folder}`,
    'Send the delivery to that server. If it no longer exists, run in psql: delete from sluice_inbox.',
  )
}

async function knownInbox(
  session: Session,
  lock: SQL = sql.blank,
): Promise<{ readonly id: string; readonly folder: string } | undefined> {
  const { rows } = await run(
    session,
    statement<{ id: string; folder: string }>(
      'claim/find',
      sql`select inbox_id as id, folder from sluice_inbox ${lock}`,
    ),
  )
  return rows[0]
}

async function refuseWhileWaiting(session: Session, folder: string, other: string): Promise<void> {
  const waiting = Number((await one(session, openDeliveries)).waiting)
  if (waiting === 0) return
  throw new InboxElsewhereError(
    folder,
    `${waiting} deliveries of the repository wait in ${other}, and all its servers share one inbox folder`,
    `Use ${other}; or, to change it, let the queue run empty or move that folder with everything in it. Cancel deliveries that can never be applied: sluice deliveries cancel.`,
  )
}

const openDeliveries = statement<{ waiting: string }>(
  'claim/count-open-deliveries',
  sql`select count(*) as waiting from sluice_delivery d where ${stateIn(sql`d`, deliveryLife.open)}`,
)

/** A marker that the repository does not know: of another repository, or of this one before it was made anew. */
async function refuseForeign(folder: string): Promise<void> {
  const others = (await readdir(folder)).filter((name) => z.uuid().safeParse(name).success)
  if (others.length === 0) return
  throw new InboxElsewhereError(
    folder,
    `it holds ${others.length} deliveries of another repository`,
    'Choose another folder; or empty this one, if that repository no longer exists.',
  )
}

async function readMarker(folder: string): Promise<string | undefined> {
  const text = await readIfThere(join(folder, markerName))
  if (text === undefined) return undefined
  try {
    return markerSchema.parse(JSON.parse(text)).id
  } catch {
    throw new InboxElsewhereError(
      folder,
      `its marker ${markerName} cannot be read`,
      `Delete ${markerName} if the folder belongs to this repository alone.`,
    )
  }
}

async function writeMarker(folder: string): Promise<string> {
  const id = randomUUID()
  await writeDurably(join(folder, markerName), `${JSON.stringify({ id })}\n`)
  return id
}
