/**
 * Records of XML: the elements at a path, each with its attributes (`@name`) and what stands in it.
 *
 * Names are taken without their prefixes. Nothing but the document itself is read: an entity that is declared is an error.
 *
 * @module
 */
import sax, { type SAXParser } from 'sax'
import type { SourceDocument } from './document.ts'
import { textsOf } from './document-text.ts'
import { stepsOf } from './path-steps.ts'
import { isMap, type SourceRecord, textOfElement } from './record.ts'
import { documentTrouble, longestRecord } from './trouble.ts'
import { OpenElement } from './xml-element.ts'

export async function* readXml(
  document: SourceDocument,
  { records = '' }: { readonly records?: string | undefined },
): AsyncGenerator<readonly SourceRecord[], void, undefined> {
  const elements = new XmlRecords(stepsOf(records))
  for await (const text of textsOf(document, declaredEncoding)) {
    elements.parser.write(text)
    refuse(document, elements.parser)
    if (elements.size > longestRecord)
      throw documentTrouble(document.name, 'has a record that is too long', {
        line: elements.parser.line + 1,
      })
    yield elements.take()
  }
  if (!elements.ended)
    throw documentTrouble(document.name, 'is cut off: its document does not end', {
      line: elements.parser.line + 1,
    })
  // A list without items is one; where other things are in their place, it is another document than it is taken for.
  if (!elements.found && (!elements.reached || elements.others.size > 0))
    throw documentTrouble(document.name, `has nothing at ${records}`, {
      remedy: `It has ${[...(elements.reached ? elements.others : elements.paths)].join(', ')}.`,
    })
}

export function declaredEncoding(head: string): string | undefined {
  return /^<\?xml[^>]*\sencoding=["']([\w.:-]+)["']/.exec(head)?.[1]
}

function refuse({ name }: SourceDocument, { error, line, column }: SAXParser): void {
  if (error === null || error === undefined) return
  const [reason = ''] = error.message.split('\n')
  throw documentTrouble(name, `is not XML: ${reason.replace(/\.$/, '')}`, {
    line: line + 1,
    column: column + 1,
  })
}

class XmlRecords {
  readonly parser: SAXParser = sax.parser(true, { position: true })
  /** What leads to records was there. */
  reached = false
  found = false
  ended = false
  /** Paths of two steps that were seen, the first of them. */
  readonly paths = new Set<string>()
  /** Paths of what stands where records would. */
  readonly others = new Set<string>()
  readonly #path: readonly string[]
  /** Names of the elements that are open, up to a record. */
  readonly #outside: string[] = []
  readonly #inside: OpenElement[] = []
  #records: SourceRecord[] = []
  /** Characters of the record that is open. */
  size = 0

  constructor(path: readonly string[]) {
    this.#path = path
    this.parser.onopentag = ({ name, attributes }) => this.#open(localName(name), attributes)
    this.parser.onclosetag = () => this.#close()
    this.parser.ontext = (text) => this.#text(text)
    this.parser.oncdata = (text) => this.#text(text)
    // What is wrong is told by `error`; without a listener it is thrown.
    this.parser.onerror = () => undefined
  }

  take(): readonly SourceRecord[] {
    const records = this.#records
    this.#records = []
    return records
  }

  #open(name: string, attributes: Readonly<Record<string, unknown>>): void {
    if (this.#inside.length === 0) {
      this.#outside.push(name)
      if (!this.#isRecord()) return
      this.found = true
      this.size = 0
    }
    this.#inside.push(new OpenElement(name, attributes))
  }

  /** Notes what is there for who looks for the path. */
  #isRecord(): boolean {
    const depth = this.#outside.length
    if (depth <= 2) note(this.paths, this.#outside)
    const above = this.#path.length - 1
    if (depth < above || !this.#fits(above)) return false
    this.reached = true
    if (depth !== this.#path.length) return false
    if (this.#fits(depth)) return true
    note(this.others, this.#outside)
    return false
  }

  #fits(steps: number): boolean {
    return this.#path.slice(0, steps).every((step, index) => step === '*' || step === this.#outside[index])
  }

  #text(text: string): void {
    this.size += text.length
    this.#inside.at(-1)?.add(text)
  }

  #close(): void {
    const element = this.#inside.pop()
    const parent = this.#inside.at(-1)
    if (element !== undefined && parent !== undefined) parent.put(element.name, element.value)
    if (parent !== undefined) return
    if (element !== undefined) {
      const { value } = element
      this.#records.push(isMap(value) ? value : { [textOfElement]: value })
    }
    this.#outside.pop()
    this.ended = this.#outside.length === 0
  }
}

function note(paths: Set<string>, names: readonly string[]): void {
  if (paths.size < 20) paths.add(`/${names.join('/')}`)
}

export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
