/**
 * Moves the reference of a source forward, once the server has acknowledged the delivery it shall stand for.
 *
 * The new folder is built whole beside the old one before the delivery is sealed, and takes its place by
 * renaming afterwards. Wherever the process dies, the next one knows what to do:
 *
 *   next without reference.json             half made: dropped
 *   next whole, previous in its place       the server is asked whether it acknowledged the delivery
 *   next whole, previous moved to former    it had: the renaming is finished
 *   former beside previous                  done but for clearing up
 *
 * What has no sum is synced to the disk, the note and the cookies. A sorted file is not: one that a power cut takes does
 * not have its noted sum, and a complete takes the place of the next incremental.
 *
 * @module
 */
import { constants, existsSync } from 'node:fs'
import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { checkLocks, makePrivateFolder, orDiskFull, renameDurably, writeDurably } from '@sluice/files'
import { isAcknowledged } from '@sluice/model'
import { type ReferenceCandidate, TamperedReferenceError } from '@sluice/prepare'
import type { Inbox, Manifest, PreparedFile } from '@sluice/protocol'
import {
  acknowledgedCookies,
  cookiesName,
  copyCookies,
  type KeptReference,
  previousFolder,
  readReferenceIn,
  referenceJson,
} from './reference.ts'

type KeptFile = KeptReference['files'][number]

const nextFolder = (state: string): string => join(state, 'next')
const formerFolder = (state: string): string => join(state, 'former')

/** Builds the folder that will be the reference when the delivery is acknowledged. */
export async function stageReference(
  state: string,
  delivery: string,
  prepared: {
    readonly folder: string
    readonly manifest: Manifest
    readonly references: readonly ReferenceCandidate[]
    /** Why they are not what is delivered. */
    readonly outdated?: string | undefined
    /** What the export wants to see again next time; without it, what it saw before is kept. */
    readonly cookies?: string | undefined
  },
): Promise<void> {
  const next = nextFolder(state)
  await dropNext(state)
  await makePrivateFolder(state)
  await makePrivateFolder(next)
  const files: KeptFile[] = []
  for (const { name, ...file } of prepared.references) {
    const kept = `${file.mapping}.sorted.csv`
    await copy(join(prepared.folder, name), join(next, kept), state)
    files.push({ ...file, columns: [...file.columns], name: kept, delivery })
  }
  files.push(...(await keep(state, next, prepared.manifest.files, files)))
  const cookies = prepared.cookies ?? acknowledgedCookies(state)
  if (existsSync(cookies)) await copyCookies(cookies, join(next, cookiesName))
  const { outdated } = prepared
  const reference: KeptReference = {
    version: 1,
    delivery,
    files,
    ...(outdated === undefined ? {} : { outdated }),
  }
  await writeHead(next, reference)
}

/** Mappings whose table carried its own commands keep the file they had. */
async function keep(
  state: string,
  next: string,
  delivered: readonly PreparedFile[],
  made: readonly KeptFile[],
): Promise<readonly KeptFile[]> {
  const former = await readable(previousFolder(state))
  const kept = (former?.files ?? []).filter(
    ({ mapping }) =>
      delivered.some((file) => file.mapping === mapping) && !made.some((file) => file.mapping === mapping),
  )
  for (const { name } of kept) {
    const from = join(previousFolder(state), name)
    // One that is missing stays missing, and whoever wants to compare with it finds out.
    if (existsSync(from)) await copy(from, join(next, name), state)
  }
  return kept
}

/**
 * A copy, not a second name for the same file: whoever edits the reference must not edit what waits in
 * the inbox. Where the file system can, it shares the blocks.
 */
async function copy(from: string, to: string, state: string): Promise<void> {
  await orDiskFull(state, copyFile(from, to, constants.COPYFILE_FICLONE))
}

/** Puts the folder that was built in the place of the one before. */
export async function commitReference(state: string): Promise<void> {
  await rm(formerFolder(state), { recursive: true, force: true })
  if (existsSync(previousFolder(state))) await renameDurably(previousFolder(state), formerFolder(state))
  await finish(state)
}

async function finish(state: string): Promise<void> {
  await renameDurably(nextFolder(state), previousFolder(state))
  await rm(formerFolder(state), { recursive: true, force: true })
}

/**
 * What was handed out once was let go on its way: the files are as ever, and what changed since they were delivered cannot
 * be told any more. `why` is what the next run, which has to be a complete, gives as its reason.
 */
export async function markOutdated(state: string, why: string): Promise<void> {
  const reference = await readable(previousFolder(state))
  if (reference === undefined || reference.outdated !== undefined) return
  await writeHead(previousFolder(state), { ...reference, outdated: why })
}

/** Renamed into place: while it is not there, the folder is not whole. */
async function writeHead(folder: string, reference: KeptReference): Promise<void> {
  await writeDurably(join(folder, referenceJson), `${JSON.stringify(reference, undefined, 2)}\n`)
}

/** The delivery will not be acknowledged: what was built for it goes. */
export async function dropNext(state: string): Promise<void> {
  checkLocks()
  // Its head first: what is left of it when this is cut short is not whole.
  await rm(join(nextFolder(state), referenceJson), { force: true })
  await rm(nextFolder(state), { recursive: true, force: true })
}

/** Completes or drops what a process that died has left; to be called before the reference is looked at. */
export async function settleReference(state: string, inbox: Pick<Inbox, 'status'>): Promise<void> {
  if (existsSync(nextFolder(state))) await settleNext(state, inbox)
  if (existsSync(previousFolder(state))) await rm(formerFolder(state), { recursive: true, force: true })
}

/** The delivery that the reference stands for as it is. */
export async function standsFor(state: string): Promise<string | undefined> {
  return (await readable(previousFolder(state)))?.delivery
}

/** The delivery that the reference stands for, or will when it is settled. */
export async function lastDelivered(
  state: string,
  inbox: Pick<Inbox, 'status'>,
): Promise<string | undefined> {
  await settleReference(state, inbox)
  return await standsFor(state)
}

async function settleNext(state: string, inbox: Pick<Inbox, 'status'>): Promise<void> {
  const next = await readable(nextFolder(state))
  if (next === undefined) return dropNext(state)
  const swapping = existsSync(formerFolder(state)) && !existsSync(previousFolder(state))
  if (swapping) return finish(state)
  const status = await inbox.status(next.delivery)
  if (status !== undefined && isAcknowledged(status.state)) await commitReference(state)
  else await dropNext(state)
}

async function readable(folder: string): Promise<KeptReference | undefined> {
  try {
    return await readReferenceIn(folder)
  } catch (error) {
    if (error instanceof TamperedReferenceError) return undefined
    throw error
  }
}
