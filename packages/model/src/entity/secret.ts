/**
 * Values of secret properties, such as passwords: kept hidden, by which they can be verified and not read.
 *
 * A hidden text is `$s2k$sha256$65536$SALT$HASH`, salt (8 bytes) and hash (32 bytes) in hexadecimal digits: the iterated and salted S2K of
 * RFC 9580, section 3.7.1.3, with SHA-256. It needs nothing but one SHA-256 of 64 KiB, so that agents, engine and database all can do it,
 * and a guess costs a thousand times what it costs against a plain sum. The database has the same as `sluice_hide_secret`; a test holds
 * the two equal.
 *
 * @module
 */
import type { Property, SecretProperty } from './entity-model.ts'

/** What is shown where there is a secret. */
export const shownSecret = '(set)'

/** Bytes that are hashed of each secret. */
const hashedBytes = 65_536
export const hiddenPrefix = `$s2k$sha256$${hashedBytes}$`
const saltBytes = 8
/** Characters of a hidden text. */
export const hiddenLength = hiddenPrefix.length + 2 * saltBytes + 1 + 2 * 32
const hiddenForm = /^\$s2k\$sha256\$65536\$([0-9a-f]{16})\$[0-9a-f]{64}$/

export function isSecret(property: Property): property is SecretProperty {
  return property.type === 'secret'
}

export function isHidden(text: string): boolean {
  return hiddenForm.test(text)
}

/** What has to be hashed of a clear text, with SHA-256. `salt`: 8 bytes. */
export function hashedOf(clear: string, salt: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(clear)
  const once = new Uint8Array(salt.length + text.length)
  once.set(salt)
  once.set(text, salt.length)
  const all = new Uint8Array(Math.max(hashedBytes, once.length))
  all.set(once)
  // Each step doubles what is there.
  for (let filled = once.length; filled < all.length; filled *= 2) all.copyWithin(filled, 0, filled)
  return all
}

export function hiddenText(salt: Uint8Array, hash: Uint8Array): string {
  return `${hiddenPrefix}${digitsOf(salt)}$${digitsOf(hash)}`
}

/** The salt of a hidden text; `undefined` where it is none. */
export function saltOf(hidden: string): Uint8Array | undefined {
  const digits = hiddenForm.exec(hidden)?.[1]
  if (digits === undefined) return undefined
  return Uint8Array.from({ length: saltBytes }, (_, index) =>
    Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16),
  )
}

/** Another one for each new secret of a person. */
export function randomSalt(): Uint8Array {
  return globalThis.crypto.getRandomValues(new Uint8Array(saltBytes))
}

/**
 * What a secret of a row is salted by: the first bytes of the SHA-256 of this text. The same row says the same secret in the same hidden text, so
 * that nothing has changed where nothing has; two rows with one secret have different ones.
 */
export function placeOfSecret(entityType: string, property: string, key: string): string {
  return [entityType, property, key].join('/')
}

/** The salt of a place, from the SHA-256 of its text. */
export function saltIn(hashOfPlace: Uint8Array): Uint8Array {
  return hashOfPlace.slice(0, saltBytes)
}

function digitsOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
