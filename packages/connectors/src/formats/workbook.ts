/**
 * A workbook of Excel (xlsx): a ZIP file of XML parts, of which sheets are read piece by piece.
 *
 * @module
 */
import { open } from 'node:fs/promises'
import { posix } from 'node:path'
import sax, { type SAXParser } from 'sax'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { type NumberKind, numberKindOf } from './number-format.ts'
import { documentTrouble } from './trouble.ts'
import { localName } from './xml.ts'

type Attributes = Readonly<Record<string, string>>

/** What is done with the elements of a part. */
export interface PartListener {
  open(name: string, attributes: Attributes): void
  close(name: string): void
  text(text: string): void
}

export class Workbook implements AsyncDisposable {
  /** By name, in the order in which people see them: the part that holds each. */
  readonly sheets: ReadonlyMap<string, string>
  /** Days are counted since 1904. */
  readonly from1904: boolean
  readonly #name: string
  readonly #zip: ZipFile
  readonly #parts: ReadonlyMap<string, Entry>

  private constructor(
    of: { readonly name: string; readonly zip: ZipFile; readonly parts: ReadonlyMap<string, Entry> },
    { sheets, from1904 }: Pick<Workbook, 'sheets' | 'from1904'>,
  ) {
    this.#name = of.name
    this.#zip = of.zip
    this.#parts = of.parts
    this.sheets = sheets
    this.from1904 = from1904
  }

  /** @param name As messages call it. */
  static async open(path: string, name: string): Promise<Workbook> {
    await refuseOthers(path, name)
    const zip = await openPromise(path, { autoClose: false }).catch((error: Error) => {
      throw documentTrouble(name, `is no workbook of Excel: ${error.message.replace(/\.$/, '')}`, {
        remedy: 'It may be damaged or cut off.',
      })
    })
    try {
      const parts = new Map<string, Entry>()
      for await (const entry of zip.eachEntry()) parts.set(entry.fileName, entry)
      const of = { name, zip, parts }
      const bare = new Workbook(of, { sheets: new Map(), from1904: false })
      return new Workbook(of, await overview(bare))
    } catch (error) {
      zip.close()
      throw error
    }
  }

  has(part: string): boolean {
    return this.#parts.has(part)
  }

  /** Reads a part; after each piece of it, it is waited for whoever takes the steps. */
  async *read(part: string, listener: PartListener): AsyncGenerator<void, void, undefined> {
    const entry = this.#parts.get(part)
    if (entry === undefined) throw documentTrouble(this.#name, `has no part ${part}: it is damaged`)
    const parser = parserOf(listener)
    const decoder = new TextDecoder('utf-8')
    const stream = await this.#zip.openReadStreamPromise(entry)
    try {
      for await (const chunk of stream) {
        parser.write(decoder.decode(chunk, { stream: true }))
        this.#refuse(parser, part)
        yield
      }
    } catch (error) {
      if (error instanceof Error && !('remedy' in error))
        throw documentTrouble(this.#name, `is damaged in ${part}: ${error.message.replace(/\.$/, '')}`)
      throw error
    } finally {
      stream.destroy()
    }
  }

  async readAll(part: string, listener: PartListener): Promise<void> {
    for await (const _ of this.read(part, listener));
  }

  #refuse({ error }: SAXParser, part: string): void {
    const [reason] = error?.message.split('\n') ?? []
    if (reason !== undefined) throw documentTrouble(this.#name, `is damaged in ${part}: ${reason}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#zip.close()
  }
}

function parserOf(listener: PartListener): SAXParser {
  const parser = sax.parser(true)
  parser.onopentag = ({ name, attributes }) =>
    listener.open(
      localName(name),
      Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)])),
    )
  parser.onclosetag = (name) => listener.close(localName(name))
  parser.ontext = (text) => listener.text(text)
  parser.oncdata = (text) => listener.text(text)
  parser.onerror = () => undefined
  return parser
}

/** Old workbooks and encrypted ones are another kind of file. */
async function refuseOthers(path: string, name: string): Promise<void> {
  await using file = await open(path, 'r')
  const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0)
  if (buffer.readUInt32BE() === 0xd0cf11e0)
    throw documentTrouble(name, 'is encrypted, or written by an old Excel (xls)', {
      remedy: 'Save it as a workbook (.xlsx) without a password.',
    })
}

async function overview(workbook: Workbook): Promise<Pick<Workbook, 'sheets' | 'from1904'>> {
  const targets = new Map<string, string>()
  await workbook.readAll(
    'xl/_rels/workbook.xml.rels',
    listening({
      Relationship: ({ Id = '', Target = '' }) =>
        void targets.set(Id, Target.startsWith('/') ? Target.slice(1) : posix.join('xl', Target)),
    }),
  )
  const sheets = new Map<string, string>()
  let from1904 = false
  await workbook.readAll(
    'xl/workbook.xml',
    listening({
      workbookPr: ({ date1904 = '0' }) => {
        from1904 = date1904 === '1' || date1904 === 'true'
      },
      sheet: (attributes) => {
        const id = Object.entries(attributes).find(([name]) => localName(name) === 'id' && name !== 'id')?.[1]
        sheets.set(attributes['name'] ?? '', targets.get(id ?? '') ?? '')
      },
    }),
  )
  return { sheets, from1904 }
}

/** Of elements that say all with their attributes. */
function listening(on: Readonly<Record<string, (attributes: Attributes) => void>>): PartListener {
  return { open: (name, attributes) => on[name]?.(attributes), close: () => undefined, text: () => undefined }
}

const stylesPart = 'xl/styles.xml'

/** What numbers are, by the style of their cell. */
export async function numberKinds(workbook: Workbook): Promise<readonly NumberKind[]> {
  if (!workbook.has(stylesPart)) return []
  const codes = new Map<number, string>()
  const kinds: NumberKind[] = []
  let ofCells = false
  await workbook.readAll(stylesPart, {
    open(name, { numFmtId = '0', formatCode }) {
      if (name === 'numFmt' && formatCode !== undefined) codes.set(Number(numFmtId), formatCode)
      else if (name === 'cellXfs') ofCells = true
      else if (name === 'xf' && ofCells)
        kinds.push(numberKindOf(Number(numFmtId), codes.get(Number(numFmtId))))
    },
    close(name) {
      if (name === 'cellXfs') ofCells = false
    },
    text: () => undefined,
  })
  return kinds
}

const textsPart = 'xl/sharedStrings.xml'

/** Texts that cells name by their number: each once, so they are as many as there are different ones. */
export async function sharedTexts(workbook: Workbook): Promise<readonly string[]> {
  const texts: string[] = []
  if (!workbook.has(textsPart)) return texts
  let text = ''
  let inText = false
  let spoken = 0
  await workbook.readAll(textsPart, {
    open(name) {
      if (name === 'si') text = ''
      // How a text is pronounced is no part of it.
      else if (name === 'rPh') spoken++
      else if (name === 't') inText = spoken === 0
    },
    close(name) {
      if (name === 'si') texts.push(text)
      else if (name === 'rPh') spoken--
      else if (name === 't') inText = false
    },
    text(piece) {
      if (inText) text += piece
    },
  })
  return texts
}
