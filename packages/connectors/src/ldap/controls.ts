/**
 * Controls that go with a search: pages (RFC 2696), and content synchronization (RFC 4533).
 *
 * @module
 */
import type { BerReader, BerWriter, Control } from 'ldapts'
import type { Ldapts } from './ldapts.ts'
import type { Intermediate, ServerControl } from './messages.ts'

export const oids = {
  pages: '1.2.840.113556.1.4.319',
  syncRequest: '1.3.6.1.4.1.4203.1.9.1.1',
  syncState: '1.3.6.1.4.1.4203.1.9.1.2',
  syncDone: '1.3.6.1.4.1.4203.1.9.1.3',
  syncInfo: '1.3.6.1.4.1.4203.1.9.1.4',
  whoAmI: '1.3.6.1.4.1.4203.1.11.3',
  startTls: '1.3.6.1.4.1.1466.20037',
} as const

const octetString = 0x04
const boolean = 0x01

/** A control whose value is made of these parts. */
function controlOf(
  { Control: Base, BerWriter: Writer }: Ldapts,
  oid: string,
  write: (writer: BerWriter) => void,
): Control {
  const value = new Writer()
  value.startSequence()
  write(value)
  value.endSequence()
  class WithValue extends Base {
    protected override writeControl(writer: BerWriter): void {
      writer.writeBuffer(value.buffer, octetString)
    }
  }
  return new WithValue(oid, { critical: true })
}

export function pagesControl(ldapts: Ldapts, size: number, cookie: Buffer): Control {
  return controlOf(ldapts, oids.pages, (writer) => {
    writer.writeInt(size)
    writer.writeBuffer(cookie, octetString)
  })
}

/** The cookie of the next page; empty: this was the last one. `undefined`: the server knows no pages. */
export function nextPage({ BerReader }: Ldapts, controls: readonly ServerControl[]): Buffer | undefined {
  const value = contentOf(controls, oids.pages)
  if (value === undefined) return undefined
  const reader = new BerReader(value)
  reader.readSequence()
  reader.readInt()
  return reader.readString(octetString, true) ?? Buffer.alloc(0)
}

/** Asks for a refresh: everything where there is no cookie, else what has changed since. */
export function syncControl(ldapts: Ldapts, cookie: Buffer | undefined): Control {
  const refreshOnly = 1
  return controlOf(ldapts, oids.syncRequest, (writer) => {
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
  const value = contentOf(controls, oids.syncState)
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
  const value = contentOf(controls, oids.syncDone)
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
  if (oid !== oids.syncInfo || value === undefined) return undefined
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

function contentOf(controls: readonly ServerControl[], oid: string): Buffer | undefined {
  return controls.find((control) => control.oid === oid)?.value
}
