/**
 * Values that a server sends in parts, read to the end: Active Directory answers a group of many members with
 * `member;range=0-1499`, and is asked for the rest.
 *
 * @module
 */
import type { Control } from 'ldapts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import type { Connection } from './connection.ts'
import { baseOf, nameOf } from './extended-name.ts'
import type { Entry } from './messages.ts'
import { refusalOf, resultCodes } from './results.ts'

interface Part {
  /** The attribute, in lower case. */
  readonly name: string
  readonly values: readonly Buffer[]
  /** Where the next part begins; `undefined`: this was the last one. */
  readonly next: number | undefined
}

interface Asked {
  readonly controls?: readonly Control[]
  readonly apart?: string | undefined
}

/**
 * The same entries, with all of their values. Those of the attribute `apart` are not gathered: each part of them comes in an entry of its own,
 * so that a group of a million members needs no more memory than a small one.
 */
export async function* withAllValues<R>(
  connection: Connection,
  entries: AsyncGenerator<Entry, R>,
  asked: Asked,
): AsyncGenerator<Entry, R> {
  for (;;) {
    const step = await entries.next()
    if (step.done === true) return step.value
    const [whole, parts] = partsOf(step.value)
    if (parts.every(({ next }) => next === undefined)) yield whole
    else yield* completed(connection, whole, parts, asked)
  }
}

async function* completed(
  connection: Connection,
  entry: Entry,
  parts: readonly Part[],
  { controls = [], apart }: Asked,
): AsyncGenerator<Entry> {
  // The search that brought the entry is not over, so this goes beside it.
  const of = { connection: await connection.beside(), dn: entry.dn, controls }
  const attributes = new Map(entry.attributes)
  for (const part of parts) {
    if (part.name === apart?.toLowerCase()) continue
    const values = [...part.values]
    for await (const more of following(of, part)) values.push(...more)
    attributes.set(part.name, values)
  }
  const own = parts.find(({ name }) => name === apart?.toLowerCase())
  if (own === undefined) {
    yield { ...entry, attributes }
    return
  }
  yield { ...entry, attributes: new Map(attributes).set(own.name, own.values) }
  for await (const values of following(of, own))
    yield { ...entry, attributes: new Map(attributes).set(own.name, values) }
}

interface Of {
  readonly connection: Connection
  /** Of the entry, as the server wrote it. */
  readonly dn: string
  readonly controls: readonly Control[]
}

/** Values behind a part, part by part. */
async function* following(of: Of, first: Part): AsyncGenerator<readonly Buffer[]> {
  let part = first
  while (part.next !== undefined) {
    const asked = part.next
    const found = await nextPart(of, part.name, asked)
    if (found === undefined || (found.next !== undefined && found.next <= asked))
      throw new ManagedSystemError(
        `${of.connection.place} sends the values of ${first.name} of ${nameOf(of.dn).dn} in parts, and does not send those from ${asked} on.`,
        {
          passing: true,
          remedy: 'Somebody may have changed the entry at that moment; else look at the rights of the user.',
        },
      )
    yield found.values
    part = found
  }
}

async function nextPart(
  { connection, dn, controls }: Of,
  name: string,
  from: number,
): Promise<Part | undefined> {
  const search = connection.search({
    base: baseOf(dn),
    scope: 'base',
    filter: '(objectClass=*)',
    attributes: [`${name};range=${from}-*`],
    controls,
  })
  let found: Part | undefined
  let step = await search.next()
  while (step.done !== true) {
    if (step.value.kind === 'entry') found = partsOf(step.value)[1].find((part) => part.name === name)
    step = await search.next()
  }
  if (step.value.code !== resultCodes.success)
    throw refusalOf(`Reading ${name} of ${nameOf(dn).dn} on ${connection.place}`, step.value)
  return found
}

const range = /^(.+);range=\d+-(\d+|\*)$/

/** The entry without the names of parts, and the parts that are not all there is. */
function partsOf(entry: Entry): readonly [Entry, readonly Part[]] {
  const parts: Part[] = []
  for (const [written, values] of entry.attributes) {
    const [, name, last] = range.exec(written) ?? []
    if (name === undefined) continue
    parts.push({ name, values, next: last === '*' ? undefined : Number(last) + 1 })
  }
  if (parts.length === 0) return [entry, parts]
  const attributes = new Map([...entry.attributes].filter(([name]) => !range.test(name)))
  for (const { name, values } of parts) attributes.set(name, values)
  return [{ ...entry, attributes }, parts]
}
