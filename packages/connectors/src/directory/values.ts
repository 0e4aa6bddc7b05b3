/**
 * Values of attributes as texts: characters as they are, bytes in the form that people know them in.
 *
 * @module
 */
import { isUtf8 } from 'node:buffer'
import type { ValueForms } from './options.ts'

export type BinaryForm = NonNullable<ValueForms['binary']>[string]

/** What is never text, by name in lower case. */
const usual: Readonly<Record<string, BinaryForm>> = {
  objectguid: 'guid',
  objectsid: 'sid',
  parentguid: 'guid',
  'ms-ds-consistencyguid': 'guid',
  msexchmailboxguid: 'guid',
  schemaidguid: 'guid',
  tokengroups: 'sid',
  sidhistory: 'sid',
  jpegphoto: 'base64',
  thumbnailphoto: 'base64',
  photo: 'base64',
  audio: 'base64',
  usercertificate: 'base64',
  usersmimecertificate: 'base64',
  userpkcs12: 'base64',
  cacertificate: 'base64',
  certificaterevocationlist: 'base64',
  userpassword: 'base64',
}

/** How an attribute is written. */
export function formOf(attribute: string, binary: ValueForms['binary'] = {}): BinaryForm {
  const name = attribute.toLowerCase()
  const own = Object.entries(binary).find(([one]) => one.toLowerCase() === name)
  return own?.[1] ?? usual[name] ?? (name.endsWith(';binary') ? 'base64' : 'text')
}

/** `undefined`: the bytes are not what this form is of. */
export function textOf(value: Buffer, form: BinaryForm): string | undefined {
  switch (form) {
    case 'text':
      return isUtf8(value) ? value.toString('utf8') : undefined
    case 'base64':
      return value.toString('base64')
    case 'hex':
      return value.toString('hex')
    case 'guid':
      return value.length === 16 ? guidOf(value) : undefined
    case 'sid':
      return sidOf(value)
  }
}

/** Its first three groups are little-endian. */
function guidOf(value: Buffer): string {
  const first = value.readUInt32LE(0).toString(16).padStart(8, '0')
  const [second, third] = [4, 6].map((at) => value.readUInt16LE(at).toString(16).padStart(4, '0'))
  return [first, second, third, value.toString('hex', 8, 10), value.toString('hex', 10)].join('-')
}

function sidOf(value: Buffer): string | undefined {
  const count = value[1] ?? 0
  if (value.length < 8 || value.length !== 8 + 4 * count) return undefined
  const authority = value.readUIntBE(2, 6)
  const parts = Array.from({ length: count }, (_, index) => value.readUInt32LE(8 + 4 * index))
  return ['S', value[0], authority, ...parts].join('-')
}

/** An id of content synchronization as `entryUUID` writes it. */
export function uuidOf(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
