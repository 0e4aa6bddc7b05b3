/**
 * Controls that go with a search: how one is written and read, and pages (RFC 2696).
 *
 * @module
 */
import type { BerWriter, Control } from 'ldapts'
import type { Ldapts } from './ldapts.ts'
import type { ServerControl } from './messages.ts'

export const oids = {
  pages: '1.2.840.113556.1.4.319',
  whoAmI: '1.3.6.1.4.1.4203.1.11.3',
  startTls: '1.3.6.1.4.1.1466.20037',
} as const

export const octetString = 0x04

/** A control whose value is made of these parts. */
export function controlOf(
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

/** Bytes of the value of a control; `undefined`: the server did not send it. */
export function contentOf(controls: readonly ServerControl[], oid: string): Buffer | undefined {
  return controls.find((control) => control.oid === oid)?.value
}
