/**
 * Reads what a table asks for, page by page; what is not all there is an error.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import type { ConnectorContext } from '../contract/connector.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import { type Answer, jsonOf } from '../http/answer.ts'
import type { HttpClient } from '../http/http-client.ts'
import { withQuery } from '../http/query.ts'
import { firstPage, nextPage, type Position, type ReadPage, totalOf } from './next-page.ts'
import type { Manifest, Pages, RestTable } from './options.ts'
import { filled, filledJson, type LookUp } from './placeholders.ts'
import { valueAt } from './value-path.ts'

/** A system that is being read. */
export interface Reading {
  readonly manifest: Manifest
  readonly client: HttpClient
  readonly context: ConnectorContext
}

/** What is asked for. */
export interface TableRequest {
  /** For people: the name of the table. */
  readonly name: string
  readonly table: RestTable
  /** What stands for placeholders. */
  readonly lookUp: LookUp
  /** Parameters in place of those of the table. */
  readonly query?: Readonly<Record<string, unknown>> | undefined
  /** An address in place of the first page: the system gave it. */
  readonly from?: string | undefined
}

export interface Page {
  readonly records: readonly unknown[]
  readonly body: unknown
  readonly answer: Pick<Answer, 'headers'>
}

export async function* readPages(reading: Reading, request: TableRequest): AsyncGenerator<Page> {
  const pages: Pages = request.table.pages ?? reading.manifest.pages ?? { by: 'none' }
  const seen = new Seen(`${reading.client.host}, ${request.name}`)
  let position: Position | undefined =
    request.from === undefined ? firstPage(pages) : { kind: 'link', link: request.from }
  let before: URL | undefined
  let all = 0
  let total: number | undefined
  while (position !== undefined) {
    reading.context.signal.throwIfAborted()
    seen.position(position)
    const answer: Answer = await ask(reading, request, { pages, position, before })
    const body = jsonOf(answer)
    total = totalOf(pages, { body, answer }) ?? total
    const records = recordsOf(request.table, body, { place: answer.place, total })
    seen.answer(answer.text, records.length)
    all += records.length
    yield { records, body, answer }
    const page: ReadPage = { position, body, answer, records: records.length, all }
    before = answer.url
    position = nextPage(pages, page)
  }
  if (total !== undefined && all < total)
    throw new ManagedSystemError(
      `${reading.client.host} says that ${request.name} has ${total} records, and gave only ${all}.`,
      {
        remedy: 'Records may have been deleted meanwhile: it is tried again. Else look at pages.',
        passing: true,
      },
    )
}

interface Asked {
  readonly pages: Pages
  readonly position: Position
  /** The address of the page before. */
  readonly before: URL | undefined
}

function ask(
  { manifest, client }: Reading,
  { name, table, lookUp, query: instead }: TableRequest,
  { pages, position, before }: Asked,
): Promise<Answer> {
  const method = table.method ?? 'GET'
  const headers = filledAll({ ...manifest.headers, ...table.headers }, lookUp)
  const inBody = 'in' in pages && pages.in === 'body'
  const values = position.kind === 'parameters' ? position.values : new Map<string, number | string>()
  const body =
    method === 'GET' ? undefined : { ...bodyOf(table, lookUp), ...(inBody ? Object.fromEntries(values) : {}) }
  const sent = {
    method,
    headers: Object.fromEntries([
      ...headers,
      ...(body === undefined ? [] : [['content-type', 'application/json'] as const]),
    ]),
    body: body === undefined ? undefined : JSON.stringify(body),
  }
  // An address of the system's own has everything in it.
  if (position.kind === 'link') return client.ask({ ...sent, url: client.linkOf(position.link, before) })
  const path = filled(table.path, lookUp, encodeURIComponent)
  if (path === undefined)
    throw new ManagedSystemError(`A record has no value for the path of ${name}: ${table.path}.`, {
      remedy: 'Look at the table that for names, and at its records.',
    })
  const query = filledAll({ ...manifest.query, ...table.query, ...instead }, lookUp)
  if (!inBody) for (const [parameter, value] of values) query.set(parameter, String(value))
  return client.ask({ ...sent, url: withQuery(client.urlOf(path), query) })
}

/** What would hold something without a value is left out. */
function filledAll(texts: Readonly<Record<string, unknown>>, lookUp: LookUp): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([name, text]) => {
      const put = filled(String(text), lookUp)
      return put === undefined || put === '' ? [] : [[name, put]]
    }),
  )
}

function bodyOf({ body = {} }: RestTable, lookUp: LookUp): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(body).map(([key, part]) => [key, filledJson(part, lookUp)]))
}

interface Place {
  readonly place: string
  readonly total: number | undefined
}

function recordsOf(
  { records, mayBeAbsent }: RestTable,
  body: unknown,
  { place, total }: Place,
): readonly unknown[] {
  const found = records === undefined ? body : valueAt(body, records)
  if (Array.isArray(found)) return found
  // Without records many systems leave the list out, and say so where they say how many there are.
  if ((found === undefined || found === null) && (mayBeAbsent === true || total === 0 || body === undefined))
    return []
  const where = records === undefined ? 'is no list of records' : `has no list of records at "${records}"`
  throw new ManagedSystemError(`The answer of ${place} ${where}.`, {
    remedy: 'Look at records of the table: it says where the list is, such as value or data.items.',
  })
}

/** What was seen of a table, so that nobody reads in a circle. */
class Seen {
  readonly #place: string
  readonly #positions = new Set<string>()
  #text = ''

  constructor(place: string) {
    this.#place = place
  }

  position(position: Position): void {
    const text = position.kind === 'link' ? position.link : JSON.stringify([...position.values])
    if (this.#positions.has(text)) throw this.#circle('leads back to a page that was read before')
    this.#positions.add(text)
  }

  answer(text: string, records: number): void {
    const sum = createHash('sha256').update(text).digest('base64')
    if (records > 0 && sum === this.#text) throw this.#circle('sends the same page again')
    this.#text = sum
  }

  #circle(what: string): ManagedSystemError {
    return new ManagedSystemError(`${this.#place}: the system ${what}.`, {
      remedy: 'Look at pages: the system may know no such parameter, or may want it in another place.',
    })
  }
}
