/**
 * Source files of any size for benchmarks: seeded, so that every run and every machine has the same
 * rows, and streamed, so that size costs no memory.
 *
 * A row has twelve columns of the usual kinds and some 150 bytes. Version 2 is version 1 with one
 * row in a hundred updated; keys and number of rows stay.
 *
 * @module
 */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'

/** Header of the generated files; `id` is the key. */
export const generatedColumns = [
  'id',
  'first_name',
  'last_name',
  'mail',
  'number',
  'salary',
  'active',
  'hired',
  'changed_at',
  'status',
  'uuid',
  'remark',
] as const

export const statuses = ['active', 'suspended', 'leaving', 'gone'] as const

export interface GenerateOptions {
  readonly version?: 1 | 2
  readonly seed?: number
  readonly encoding?: 'utf-8' | 'windows-1252'
  /** One row in so many has a field too many. */
  readonly brokenEvery?: number
}

/** Writes a CSV file with `rows` rows to `path`, in an order that is not the order of the keys. */
export async function generateRows(path: string, rows: number, options: GenerateOptions = {}): Promise<void> {
  const { version = 1, seed = 1, encoding = 'utf-8', brokenEvery = 0 } = options
  const file = createWriteStream(path, { highWaterMark: 1 << 20 })
  const node = encoding === 'utf-8' ? 'utf8' : 'latin1'
  const accents = encoding !== 'utf-8'
  let lines = [generatedColumns.join(',')]
  const step = stepFor(rows)
  for (let index = 0; index < rows; index++) {
    const number = Number((BigInt(index) * BigInt(step)) % BigInt(rows))
    const broken = brokenEvery > 0 && index % brokenEvery === brokenEvery - 1
    lines.push(rowText(number, seed, version, accents) + (broken ? ',surplus' : ''))
    if (lines.length < 5_000) continue
    if (!file.write(Buffer.from(`${lines.join('\n')}\n`, node))) await once(file, 'drain')
    lines = []
  }
  file.end(Buffer.from(lines.length === 0 ? '' : `${lines.join('\n')}\n`, node))
  await finished(file)
}

/** A step that visits every number below `rows` once. */
function stepFor(rows: number): number {
  const divides = (a: number, b: number): number => (b === 0 ? a : divides(b, a % b))
  let step = Math.max(1, Math.floor(rows * 0.618))
  while (divides(rows, step) !== 1) step++
  return step
}

const firstNames = [
  'Ada',
  'Anna',
  'Ben',
  'Carla',
  'David',
  'Emma',
  'Felix',
  'Grace',
  'Hugo',
  'Ida',
  'Jonas',
  'Lena',
]
const lastNames = [
  'Albrecht',
  'Bauer',
  'Carter',
  'Dupont',
  'Evans',
  'Fischer',
  'Garcia',
  'Hansen',
  'Ivanova',
  'Jansen',
]
const accented = ['Zoë', 'René', 'Jürgen', 'Françoise']
const remarks = [
  '',
  '',
  'on leave',
  'works, mostly, at home',
  'called "the boss"',
  'moved to building 7',
  'part time',
]

function rowText(number: number, seed: number, version: number, accents: boolean): string {
  const updated = version === 2 && number % 100 === 7
  const random = generator(seed * 0x9e3779b1 + number)
  const first = accents && random() < 0.2 ? pick(accented, random()) : pick(firstNames, random())
  const last = pick(lastNames, random())
  const id = `K${String(number).padStart(9, '0')}`
  const salary = (20_000 + Math.floor(random() * 8_000_000) / 100 + (updated ? 500 : 0)).toFixed(2)
  const hired = day(random())
  const changed = `${updated ? '2026-02-01' : day(random())}T${two(random() * 24)}:${two(random() * 60)}:${two(random() * 60)}Z`
  const remark = pick(remarks, random())
  return [
    id,
    first,
    last,
    `${first === '' || accents ? 'person' : first.toLowerCase()}.${last.toLowerCase()}.${number}@example.org`,
    Math.floor(random() * 100_000),
    salary,
    random() < 0.8 ? 'true' : 'false',
    hired,
    changed,
    pick(statuses, random()),
    uuid(random),
    /[",]/.test(remark) ? `"${remark.replaceAll('"', '""')}"` : remark,
  ].join(',')
}

function pick(from: readonly string[], share: number): string {
  return from[Math.floor(share * from.length)] ?? ''
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, '0')
}

function day(share: number): string {
  const days = Math.floor(share * 27 * 365)
  return `${1998 + Math.floor(days / 365)}-${two((days % 12) + 1)}-${two((days % 28) + 1)}`
}

function uuid(random: () => number): string {
  const part = () =>
    Math.floor(random() * 0x100000000)
      .toString(16)
      .padStart(8, '0')
  const all = part() + part() + part() + part()
  return `${all.slice(0, 8)}-${all.slice(8, 12)}-4${all.slice(13, 16)}-8${all.slice(17, 20)}-${all.slice(20)}`
}

/** Small, fast and the same everywhere; good enough for test data. */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
