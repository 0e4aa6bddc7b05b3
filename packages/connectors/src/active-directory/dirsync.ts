/**
 * Changes of a naming context, as the server tells them since a cookie ([MS-ADTS] 3.1.1.3.4.1.3, LDAP_SERVER_DIRSYNC_OID).
 *
 * @module
 */
import type { Control } from 'ldapts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import type { Connection } from '../directory/connection.ts'
import { contentOf, controlOf, octetString } from '../directory/controls.ts'
import { extendedNames } from '../directory/extended-name.ts'
import type { Ldapts } from '../directory/ldapts.ts'
import type { Entry, Result, ServerControl } from '../directory/messages.ts'
import { refusalOf, resultCodes } from '../directory/results.ts'

const dirSyncOid = '1.2.840.113556.1.4.841'

/** Of links only those that came or went; as a signed number of 32 bits. */
const incrementalValues = -0x8000_0000
/** Only what the user may read, and no right is needed. */
const objectSecurity = 1
/** Bytes that the server sends at most before it says that there is more. */
const most = 1_000_000

export interface ChangesRequest {
  readonly context: string
  /** Empty: from the beginning. */
  readonly cookie: Buffer
  readonly filter: string
  readonly attributes: readonly string[]
  readonly visibleOnly: boolean
}

export interface ChangesPage {
  readonly entries: readonly Entry[]
  readonly cookie: Buffer
  readonly more: boolean
}

/** `undefined`: the server does not take the cookie. */
export async function readChanges(
  connection: Connection,
  { context, cookie, filter, attributes, visibleOnly }: ChangesRequest,
): Promise<ChangesPage | undefined> {
  const { ldapts } = connection
  const controls = [dirSyncControl(ldapts, cookie, visibleOnly), extendedNames(ldapts)]
  const search = connection.search({ base: context, scope: 'subtree', filter, attributes, controls })
  const entries: Entry[] = []
  let step = await search.next()
  while (step.done !== true) {
    if (step.value.kind === 'entry') entries.push(step.value)
    step = await search.next()
  }
  if (cookie.length > 0 && refusesCookie(step.value)) return undefined
  const next = nextOf(connection, context, step.value)
  if (next.more && next.cookie.equals(cookie) && entries.length === 0)
    throw new ManagedSystemError(`${connection.place} does not get ahead with the changes of ${context}.`, {
      passing: true,
    })
  return { entries, ...next }
}

/** A cookie of this moment, without reading what there is. */
export async function cookieOfNow(
  connection: Connection,
  { context, visibleOnly }: Pick<ChangesRequest, 'context' | 'visibleOnly'>,
): Promise<Buffer> {
  const nothing = `(objectGUID=${'\\00'.repeat(16)})`
  let cookie = Buffer.alloc(0)
  for (;;) {
    const request = { context, cookie, filter: nothing, attributes: ['objectGUID'], visibleOnly }
    const page = await readChanges(connection, request)
    if (page === undefined)
      throw new ManagedSystemError(`${connection.place} does not take the cookie that it has just sent.`)
    if (!page.more) return page.cookie
    cookie = Buffer.from(page.cookie)
  }
}

function dirSyncControl(ldapts: Ldapts, cookie: Buffer, visibleOnly: boolean): Control {
  return controlOf(ldapts, dirSyncOid, (writer) => {
    writer.writeInt(incrementalValues + (visibleOnly ? objectSecurity : 0))
    writer.writeInt(most)
    writer.writeBuffer(cookie, octetString)
  })
}

function nextOf(connection: Connection, context: string, result: Result) {
  const doing = `Reading the changes of ${context} from ${connection.place}`
  if (result.code === resultCodes.insufficientRights)
    throw new ManagedSystemError(`${doing} failed: the user has not the right to.`, {
      remedy: `Give it the right Replicating Directory Changes on ${context}, or write visibleOnly: true.`,
    })
  if (result.code !== resultCodes.success) throw refusalOf(doing, result)
  const next = answerOf(connection.ldapts, result.controls)
  if (next !== undefined) return next
  throw new ManagedSystemError(`${doing} failed: it sends no cookie.`, {
    remedy: 'Write changes: compare.',
  })
}

function answerOf({ BerReader }: Ldapts, controls: readonly ServerControl[]) {
  const value = contentOf(controls, dirSyncOid)
  if (value === undefined) return undefined
  const reader = new BerReader(value)
  reader.readSequence()
  const more = reader.readInt() !== 0
  reader.readInt()
  return { more, cookie: reader.readString(octetString, true) ?? Buffer.alloc(0) }
}

/** What servers say of a cookie that is damaged, of another domain, or of a time that they do not remember. */
const refusals: ReadonlySet<number> = new Set([
  resultCodes.operationsError,
  resultCodes.protocolError,
  resultCodes.unavailableCriticalExtension,
  resultCodes.unwilling,
  resultCodes.other,
])

function refusesCookie({ code }: Result): boolean {
  return refusals.has(code)
}
