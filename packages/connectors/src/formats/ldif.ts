/**
 * LDIF (RFC 2849): entries, and changes of them.
 *
 * @module
 */
import type { SourceDocument } from './document.ts'
import { linesOf, textsOf } from './document-text.ts'
import { documentTrouble } from './trouble.ts'

/** Attributes by their names in small letters. */
type LdifAttributes = ReadonlyMap<string, readonly string[]>

export interface LdifEntry {
  readonly dn: string
  readonly attributes: LdifAttributes
}

export interface LdifModification {
  readonly how: 'add' | 'delete' | 'replace'
  /** In small letters. */
  readonly attribute: string
  readonly values: readonly string[]
}

export type LdifChange = { readonly dn: string; readonly line: number } & (
  | { readonly type: 'add'; readonly attributes: LdifAttributes }
  | { readonly type: 'delete' }
  | { readonly type: 'modify'; readonly modifications: readonly LdifModification[] }
  | {
      readonly type: 'modrdn'
      readonly newRdn: string
      readonly deleteOldRdn: boolean
      /** `undefined`: it stays where it is. */
      readonly newSuperior: string | undefined
    }
)

interface Line {
  readonly line: number
  /** In small letters; `-` between the parts of a modification. */
  readonly name: string
  readonly value: string
}

/** Records of a file: an entry without `changetype` is one that is added. */
export async function* readLdif(
  document: SourceDocument,
): AsyncGenerator<readonly LdifChange[], void, undefined> {
  const records = new LdifRecords(document.name)
  for await (const lines of linesOf(textsOf(document))) {
    const found: LdifChange[] = []
    for (const { text, line } of lines) {
      const record = records.add(text, line)
      if (record !== undefined) found.push(changeOf(document.name, record))
    }
    yield found
  }
  const last = records.finish()
  if (last !== undefined) yield [changeOf(document.name, last)]
}

/** Puts lines together that are folded, and those of a record. */
class LdifRecords {
  readonly #document: string
  #folded: { text: string; readonly line: number } | undefined
  #lines: Line[] = []

  constructor(document: string) {
    this.#document = document
  }

  add(text: string, line: number): readonly Line[] | undefined {
    if (text.startsWith(' ') && this.#folded !== undefined) {
      this.#folded.text += text.slice(1)
      return undefined
    }
    this.#unfolded()
    if (text === '') return this.#take()
    this.#folded = { text, line }
    return undefined
  }

  finish(): readonly Line[] | undefined {
    this.#unfolded()
    return this.#take()
  }

  #unfolded(): void {
    const folded = this.#folded
    this.#folded = undefined
    if (folded === undefined || folded.text.startsWith('#')) return
    this.#lines.push(lineOf(this.#document, folded))
  }

  #take(): readonly Line[] | undefined {
    const lines = this.#lines[0]?.name === 'version' ? this.#lines.slice(1) : this.#lines
    this.#lines = []
    return lines.length === 0 ? undefined : lines
  }
}

const attributeLine = /^([A-Za-z0-9][\w;.-]*):(:?) *(.*)$/s

function lineOf(document: string, { text, line }: { readonly text: string; readonly line: number }): Line {
  if (text === '-') return { line, name: '-', value: '' }
  const [, name, base64, value = ''] = attributeLine.exec(text) ?? []
  if (name === undefined) throw documentTrouble(document, 'is not LDIF: a line is no "name: value"', { line })
  if (value.startsWith('<') && base64 === '' && text.startsWith(`${name}:<`))
    throw documentTrouble(document, `names another file as the value of ${name}, which is not read`, { line })
  return { line, name: name.toLowerCase(), value: base64 === ':' ? decoded(document, value, line) : value }
}

/** Text where it is one; else it stays as it is written. */
function decoded(document: string, base64: string, line: number): string {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.toString('base64').replace(/=+$/, '') !== base64.trim().replace(/=+$/, ''))
    throw documentTrouble(document, 'has a value that is not base64', { line })
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return base64
  }
}

function changeOf(document: string, lines: readonly Line[]): LdifChange {
  const [first, ...rest] = lines
  const line = first?.line ?? 0
  if (first?.name !== 'dn')
    throw documentTrouble(document, 'has a record that does not begin with dn', { line })
  const dn = first.value
  // Controls say how a server is to do it.
  const others = rest.filter(({ name }) => name !== 'control')
  const [kind] = others
  if (kind?.name !== 'changetype') return { dn, line, type: 'add', attributes: attributesOf(others) }
  const parts = others.slice(1)
  switch (kind.value.trim().toLowerCase()) {
    case 'add':
      return { dn, line, type: 'add', attributes: attributesOf(parts) }
    case 'delete':
      return { dn, line, type: 'delete' }
    case 'modify':
      return { dn, line, type: 'modify', modifications: modificationsOf(document, parts) }
    case 'modrdn':
    case 'moddn':
      return { dn, line, type: 'modrdn', ...renamingOf(document, parts, line) }
    default:
      throw documentTrouble(document, `has an unknown changetype ${JSON.stringify(kind.value)}`, { line })
  }
}

function attributesOf(lines: readonly Line[]): LdifAttributes {
  const attributes = new Map<string, string[]>()
  for (const { name, value } of lines) {
    const values = attributes.get(name)
    if (values === undefined) attributes.set(name, [value])
    else values.push(value)
  }
  return attributes
}

function modificationsOf(document: string, lines: readonly Line[]): readonly LdifModification[] {
  const modifications: (LdifModification & { readonly values: string[] })[] = []
  let begins = true
  for (const { line, name, value } of lines) {
    if (name === '-') begins = true
    else if (begins) {
      if (name !== 'add' && name !== 'delete' && name !== 'replace')
        throw documentTrouble(
          document,
          `has a modification "${name}", which is none of add, delete and replace`,
          { line },
        )
      modifications.push({ how: name, attribute: value.trim().toLowerCase(), values: [] })
      begins = false
    } else if (modifications.at(-1)?.attribute === name) modifications.at(-1)?.values.push(value)
    else
      throw documentTrouble(document, `has a value of ${name} in a modification of something else`, { line })
  }
  return modifications
}

function renamingOf(document: string, lines: readonly Line[], line: number) {
  const textAt = (wanted: string) => lines.find(({ name }) => name === wanted)?.value
  const newRdn = textAt('newrdn')
  if (newRdn === undefined || newRdn === '')
    throw documentTrouble(document, 'has a renaming without newrdn', { line })
  return {
    newRdn,
    deleteOldRdn: textAt('deleteoldrdn')?.trim() !== '0',
    newSuperior: textAt('newsuperior'),
  }
}
