/**
 * Controls of content synchronization (RFC 4533).
 *
 * @module
 */
import type { BerReader, Control } from 'ldapts'
import { contentOf, controlOf, octetString } from '../directory/controls.ts'
import type { Ldapts } from '../directory/ldapts.ts'
import type { Intermediate, ServerControl } from '../directory/messages.ts'

export const syncOids = {
  request: '1.3.6.1.4.1.4203.1.9.1.1',
  state: '1.3.6.1.4.1.4203.1.9.1.2',
  done: '1.3.6.1.4.1.4203.1.9.1.3',
  info: '1.3.6.1.4.1.4203.1.9.1.4',
} as const

const boolean = 0x01

/** Asks for a refresh: everything where there is no cookie, else what has changed since. */
export function syncControl(ldapts: Ldapts, cookie: Buffer | undefined): Control {
  const refreshOnly = 1
  return controlOf(ldapts, syncOids.request, (writer) => {
    writer.writeEnumeration(refreshOnly)
    if (cookie !== undefined) writer.writeBuffer(cookie, octetString)
  })
}

export type SyncState = 'present' | 'add' | 'modify' | 'delete'
const states: readonly SyncState[] = ['present', 'add', 'modify', 'delete']

/** What an entry of a refresh means; its id as 32 hexadecimal digits. */
export function syncStateOf(
  { BerReader }: Ldapts,
  controls: readonly ServerControl[],
): { readonly state: SyncState; readonly id: string } | undefined {
  const value = contentOf(controls, syncOids.state)
  if (value === undefined) return undefined
  const reader = new BerReader(value)
  reader.readSequence()
  const state = states[reader.readEnumeration() ?? 0]
  const id = reader.readString(octetString, true)
  return state === undefined || id === null ? undefined : { state, id: id.toString('hex') }
}

/** The end of a refresh. `deletes`: what was not mentioned is as it was; otherwise it is gone. */
export function syncDoneOf(
  { BerReader }: Ldapts,
  controls: readonly ServerControl[],
): { readonly cookie: Buffer | undefined; readonly deletes: boolean } | undefined {
  const value = contentOf(controls, syncOids.done)
  if (value === undefined) return undefined
  const reader = new BerReader(value)
  reader.readSequence()
  return cookieAndFlag(reader)
}

export type SyncInfo =
  | { readonly kind: 'cookie' }
  /** What was mentioned so far is all there is of the unchanged and the new. */
  | { readonly kind: 'present phase ends' }
  | { readonly kind: 'delete phase ends' }
  | { readonly kind: 'ids'; readonly deleted: boolean; readonly ids: readonly string[] }

const infos = { cookie: 0x80, deletes: 0xa1, present: 0xa2, ids: 0xa3 } as const

/** Of a message between the entries; `undefined`: it is about something else. */
export function syncInfoOf({ BerReader }: Ldapts, { oid, value }: Intermediate): SyncInfo | undefined {
  if (oid !== syncOids.info || value === undefined) return undefined
  const reader = new BerReader(value)
  switch (reader.peek()) {
    case infos.deletes:
      return { kind: 'delete phase ends' }
    case infos.present:
      return { kind: 'present phase ends' }
    case infos.ids:
      return idsOf(reader)
    default:
      return { kind: 'cookie' }
  }
}

function idsOf(reader: BerReader): SyncInfo {
  reader.readSequence()
  const { deletes } = cookieAndFlag(reader)
  const ids: string[] = []
  reader.readSequence()
  const last = reader.offset + reader.length
  while (reader.offset < last) ids.push(reader.readString(octetString, true)?.toString('hex') ?? '')
  return { kind: 'ids', deleted: deletes, ids }
}

function cookieAndFlag(reader: BerReader) {
  const cookie = reader.peek() === octetString ? reader.readString(octetString, true) : null
  const deletes = reader.peek() === boolean ? reader.readBoolean() : false
  return { cookie: cookie ?? undefined, deletes: deletes === true }
}
