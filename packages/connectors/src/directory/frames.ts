/**
 * The messages in a stream of bytes: each begins with its length.
 *
 * @module
 */

/** Bytes of the longest message: a group of a million members has some 100 MB. */
const longest = 512 * 1024 * 1024

/** Cuts what arrives into messages; what is not read yet waits in one buffer. */
export class Frames {
  #bytes: Buffer = Buffer.alloc(0)

  /** What has arrived. */
  add(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk])
  }

  /** The next whole message; `undefined` when more has to arrive. Throws where this is no LDAP. */
  next(): Buffer | undefined {
    const length = lengthOf(this.#bytes)
    if (length === undefined || this.#bytes.length < length) return undefined
    const message = this.#bytes.subarray(0, length)
    this.#bytes = this.#bytes.subarray(length)
    return message
  }
}

const sequence = 0x30

/** Of the whole message that begins here, head included. */
function lengthOf(bytes: Buffer): number | undefined {
  const [tag, first] = bytes
  if (tag === undefined || first === undefined) return undefined
  if (tag !== sequence) throw new Error('What it sends is no LDAP')
  if (first < 0x80) return 2 + first
  const digits = first & 0x7f
  if (digits === 0 || digits > 4) throw new Error('What it sends is no LDAP')
  if (bytes.length < 2 + digits) return undefined
  const length = bytes.readUIntBE(2, digits)
  if (length > longest) throw new Error('It sends a message that is too long')
  return 2 + digits + length
}
