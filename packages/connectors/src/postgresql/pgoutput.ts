/**
 * What PostgreSQL's plugin `pgoutput` writes of a change: of each row that was touched its values as texts, or those by which it is known.
 *
 * Only what tells rows apart is read; the values themselves are asked for afterwards. Libraries that read these messages make values of
 * JavaScript of them, which are not as exact. Source: PostgreSQL 18, "Logical Replication Message Formats", protocol version 1.
 *
 * @module
 */

/** A table as it was when its rows were touched. */
export interface Relation {
  readonly schema: string
  readonly name: string
  readonly columns: readonly RelationColumn[]
}

interface RelationColumn {
  readonly name: string
  /** It is a part of what a row is known by. */
  readonly identifies: boolean
  readonly dataTypeID: number
}

/** Texts in the order of the columns; `undefined` is no value, or one that the message leaves out. */
export type Tuple = readonly (string | undefined)[]

export type Touched =
  /** A row as it was, or as it is. */
  | { readonly kind: 'row'; readonly relation: Relation; readonly tuple: Tuple }
  | { readonly kind: 'truncated'; readonly relation: Relation }

const tags = { relation: 'R', insert: 'I', update: 'U', delete: 'D', truncate: 'T' } as const
const text = 't'

/** Reads one message after the other: what a table looks like is said before its first row. */
export class PgoutputReader {
  readonly #relations = new Map<number, Relation>()

  read(message: Buffer): readonly Touched[] {
    const bytes = new Bytes(message)
    const tag = bytes.character()
    if (tag === tags.relation) this.#relation(bytes)
    else if (tag === tags.insert || tag === tags.update || tag === tags.delete) return this.#rows(bytes)
    else if (tag === tags.truncate) return this.#truncated(bytes)
    return []
  }

  #relation(bytes: Bytes): void {
    const id = bytes.int32()
    const schema = bytes.string() || 'pg_catalog'
    const name = bytes.string()
    // Its replica identity: the flags of the columns say as much.
    bytes.character()
    const columns = Array.from({ length: bytes.int16() }, () => {
      const identifies = (bytes.int8() & 1) === 1
      const column = { name: bytes.string(), identifies, dataTypeID: bytes.int32() }
      bytes.int32()
      return column
    })
    this.#relations.set(id, { schema, name, columns })
  }

  /** Before a row stands whether it is as it was (`O`, or `K` where only its key is told) or as it is now (`N`). */
  #rows(bytes: Bytes): readonly Touched[] {
    const relation = this.#known(bytes.int32())
    const found: Touched[] = []
    while (!bytes.atEnd) {
      bytes.character()
      found.push({ kind: 'row', relation, tuple: tupleIn(bytes) })
    }
    return found
  }

  #truncated(bytes: Bytes): readonly Touched[] {
    const count = bytes.int32()
    bytes.int8()
    return Array.from({ length: count }, () => ({
      kind: 'truncated' as const,
      relation: this.#known(bytes.int32()),
    }))
  }

  #known(id: number): Relation {
    const relation = this.#relations.get(id)
    if (relation === undefined) throw new Error(`Nothing was told of the relation ${id}.`)
    return relation
  }
}

function tupleIn(bytes: Bytes): Tuple {
  return Array.from({ length: bytes.int16() }, () =>
    bytes.character() === text ? bytes.text(bytes.int32()) : undefined,
  )
}

class Bytes {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  character(): string {
    return String.fromCharCode(this.int8())
  }

  int8(): number {
    return this.#bytes.readUInt8(this.#skip(1))
  }

  int16(): number {
    return this.#bytes.readUInt16BE(this.#skip(2))
  }

  int32(): number {
    return this.#bytes.readUInt32BE(this.#skip(4))
  }

  text(length: number): string {
    const start = this.#skip(length)
    return this.#bytes.toString('utf8', start, start + length)
  }

  /** Up to a zero byte. */
  string(): string {
    const end = this.#bytes.indexOf(0, this.#at)
    const found = this.#bytes.toString('utf8', this.#at, end)
    this.#at = end + 1
    return found
  }

  #skip(length: number): number {
    const start = this.#at
    this.#at += length
    return start
  }
}
