/**
 * Entries as the rows of a table: one for each entry, or one for each value of an attribute.
 *
 * @module
 */
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import { parentOf } from './distinguished-name.ts'
import type { Entry } from './messages.ts'
import type { ValueForms } from './options.ts'
import { type BinaryForm, formOf, textOf } from './values.ts'

/** Columns that are no attributes. */
const ofEntry: Readonly<Record<string, (entry: Entry) => string>> = {
  dn: ({ dn }) => dn,
  parentdn: ({ dn }) => parentOf(dn),
}

type Cell = string | undefined

interface Column {
  readonly name: string
  readonly attribute: string
  readonly form: BinaryForm
  /** It is no attribute. */
  readonly own: ((entry: Entry) => string) | undefined
}

export class Rows {
  /** As they have to be asked for. */
  readonly attributes: readonly string[]
  readonly #columns: readonly Column[]
  readonly #links: string | undefined
  readonly #separator: string
  /** Attributes with a value that cannot be written, or told from two. */
  readonly #doubtful = new Map<string, string>()

  constructor(
    columns: readonly string[],
    { separator = '|', binary }: ValueForms,
    links: string | undefined,
  ) {
    this.#columns = columns.map((name) => ({
      name,
      attribute: name.toLowerCase(),
      form: formOf(name, binary),
      own: isOfEntry(name) ? ofEntry[name.toLowerCase()] : undefined,
    }))
    this.#links = links?.toLowerCase()
    this.#separator = separator
    const attributes = columns.filter((name) => !isOfEntry(name))
    // An empty list would ask for all of them.
    this.attributes = attributes.length === 0 ? ['1.1'] : attributes
  }

  of(entry: Entry): readonly (readonly Cell[])[] {
    refuseParts(entry)
    if (this.#links === undefined) return [this.#columns.map((column) => this.#cell(entry, column))]
    const others = this.#columns.map((column) =>
      this.#ofLink(column) ? undefined : this.#cell(entry, column),
    )
    const values = entry.attributes.get(this.#links) ?? []
    return values.map((_, at) =>
      this.#columns.map((column, index) =>
        this.#ofLink(column) ? this.#linkCell(entry, column, at) : others[index],
      ),
    )
  }

  /** What people should know of the values, in sentences. */
  get notes(): readonly string[] {
    return [...this.#doubtful.values()]
  }

  /** The values themselves, and what is derived from them, one by one. */
  #ofLink({ attribute }: Column): boolean {
    return attribute === this.#links || attribute.startsWith(`${this.#links}.`)
  }

  #linkCell({ attributes }: Entry, { name, attribute, form }: Column, at: number): Cell {
    const value = attributes.get(attribute)?.[at]
    return value === undefined ? undefined : this.#text(name, value, form)
  }

  #cell(entry: Entry, { name, attribute, form, own }: Column): Cell {
    if (own !== undefined) return own(entry)
    const values = entry.attributes.get(attribute)
    const [first, ...others] = values ?? []
    if (values === undefined || first === undefined) return undefined
    if (others.length === 0) return this.#text(name, first, form)
    // Values have no order, and a row that is the same shall look the same.
    const texts = values.map((value) => this.#text(name, value, form)).sort()
    if (texts.some((text) => text.includes(this.#separator)))
      this.#doubtful.set(
        `${name} separator`,
        `A value of ${name} holds ${JSON.stringify(this.#separator)}, so it looks like two: choose another separator.`,
      )
    return texts.join(this.#separator)
  }

  #text(name: string, value: Buffer, form: BinaryForm): string {
    const text = textOf(value, form)
    if (text !== undefined) return text
    const what = form === 'text' ? 'text' : `a ${form}`
    this.#doubtful.set(
      name,
      `A value of ${name} is not ${what} and was written as base64: say how with binary.`,
    )
    return value.toString('base64')
  }
}

function isOfEntry(name: string): boolean {
  return Object.hasOwn(ofEntry, name.toLowerCase())
}

/** Whoever reads entries brings the parts of values together; where nobody did, something is missing. */
function refuseParts({ dn, attributes }: Entry): void {
  for (const name of attributes.keys()) {
    if (!/;range=\d+-\d+$/.test(name)) continue
    throw new ManagedSystemError(`The server sends only a part of the values of ${name} of ${dn}.`, {
      remedy: 'Raise the limit for the values of one attribute at the server.',
    })
  }
}
