import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EntityModel, FileFormat, PropertyMapping } from '@sluice/model'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runsOf } from '../../../test/thoroughness.ts'
import { locateSourceFiles } from '../../connectors/src/files/locate-source-files.ts'
import { entity, model, plainFormat, settings, sourceOf, temporaryFolder } from '../test/prepare-text.ts'
import { carefulWay } from './careful-way.ts'
import { fastWay } from './fast-way.ts'
import { openTable } from './judge/open-table.ts'
import { PrepareProgress } from './prepare-progress.ts'
import { projectionsOf } from './projection.ts'
import { Sorter } from './sort/sorter.ts'
import { Rejections } from './write/rejections.ts'
import { csvField } from './write/row-writer.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let sorter: Sorter
beforeAll(async () => {
  folder = await temporaryFolder()
  sorter = new Sorter(settings, folder.path)
})
afterAll(async () => {
  await sorter[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

/** Prepares a text one way; the contents of the files written, or `undefined` when the way is not open. */
async function prepareWay(
  way: 'fast' | 'careful',
  text: string,
  columns: readonly string[],
  format: FileFormat,
  { model: of = model('many-to-many'), properties }: Partial<Typed> = {},
) {
  const mapping = entity(columns, { format, ...(properties === undefined ? {} : { properties }) })
  const source = sourceOf(folder.path, { entities: [mapping] })
  await writeFile(join(folder.path, 'people.csv'), text)
  const out = join(folder.path, way)
  await mkdir(out, { recursive: true })
  const projections = projectionsOf(source, of)
  await using rejections = await Rejections.create(out, projections)
  const context = {
    base: undefined,
    commandRoles: () => ({ kind: 'data' as const }),
    former: undefined,
    since: false,
    folder: out,
    tempFolder: folder.path,
    settings,
    rejectedBefore: new Map(),
    sorter,
    rejections,
    progress: new PrepareProgress('hr', undefined),
    signal: undefined,
    note: () => {},
  }
  const [projection] = projections
  if (projection === undefined) throw new Error('one mapping')
  const table = await openTable(
    await locateSourceFiles(folder.path, { file: 'people.csv' }),
    format,
    projections,
    context,
  )
  const prepared =
    way === 'fast'
      ? await fastWay(table, projection, context)
      : (await carefulWay(table, projections, context))[0]?.file
  const rejected = await rejections.finish()
  if (prepared === undefined) return undefined
  const read = (side: string) => readFile(join(out, `Person.${side}.csv`), 'utf8')
  return {
    prepared,
    rejected: rejected?.rows ?? 0,
    sorted: await read('sorted'),
    duplicates: await read('duplicates'),
    nullpk: await read('nullpk'),
  }
}

/** What values are, and which are none. */
interface Typed {
  readonly model: EntityModel
  readonly properties: readonly PropertyMapping[]
}

const typed: Typed = {
  model: {
    associations: new Map(),
    entityTypes: new Map([
      [
        'Person',
        {
          name: 'Person',
          abstract: false,
          properties: [
            { name: 'id', type: 'string', required: false },
            { name: 'x', type: 'decimal', required: false },
            { name: 'y', type: 'date', required: false },
            { name: 'boss', type: 'reference', to: 'Person', required: false },
          ],
        },
      ],
    ]),
  },
  properties: [
    { property: 'id', column: 'id', absent: ['a', '9'] },
    { property: 'boss', column: 'boss', by: 'id' },
    { property: 'x', column: 'x', absent: ['NULL', "n'a"] },
    { property: 'y', column: 'y', format: 'd.M.yyyy' },
  ],
}

/** Mostly what is a value, for else hardly a file would be clean. */
const values = fc.record({
  id: fc.string({
    minLength: 1,
    maxLength: 4,
    unit: fc.constantFrom('a', 'b', 'C', '0', '9', 'd', 'é', 'o', 'e', ' ', '\u00a0', 'x', '\u0308'),
  }),
  boss: fc.constantFrom('', 'b', 'C', 'é', 'C ', '9', 'a', '\u00a0 ', 'o\u0308'),
  x: fc.constantFrom('', 'NULL', "n'a", '1', '-1.50', '+7', '.5', '7-', '1e3', 'x'),
  y: fc.constantFrom('', '1.1.2026', '29.2.2024', '30.2.2024', '31.12.1999', '2.3.2020'),
})

const texts = fc.string({
  unit: fc.constantFrom(
    'a',
    'b',
    'Z',
    '1',
    ' ',
    '#',
    ',',
    ';',
    '"',
    "'",
    '\\',
    '\t',
    '\n',
    '\r\n',
    'é',
    '\uFF01',
    '\u{1F600}',
    '\x01',
    '\x02',
  ),
  maxLength: 5,
})
const keys = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.string({
      minLength: 1,
      maxLength: 3,
      unit: fc.constantFrom('a', 'B', 'c', 'é', '0', '9', ' '),
    }),
  },
  { weight: 1, arbitrary: texts },
)

interface Table {
  readonly separator: ',' | ';'
  readonly lineEnd: string
  readonly finalLineEnd: boolean
  readonly quoteAll: boolean
  readonly rows: readonly (readonly string[])[]
}

const tables: fc.Arbitrary<Table> = fc.record({
  separator: fc.constantFrom(',', ';'),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  finalLineEnd: fc.boolean(),
  quoteAll: fc.boolean(),
  rows: fc.array(fc.tuple(texts, keys, texts), { maxLength: 12 }),
})

/** `trust`, because generated fields look like rows more often than real ones do. */
const formatOf = ({ separator }: Table): FileFormat => ({
  ...plainFormat,
  separator,
  quotedLineBreaks: 'trust',
})

function write({ separator, lineEnd, finalLineEnd, quoteAll, rows }: Table): string {
  const field = (text: string) =>
    quoteAll || /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  const lines = [['x', 'id', 'y'], ...rows].map((row) => row.map(field).join(separator))
  return lines.join(lineEnd) + (finalLineEnd ? lineEnd : '')
}

describe('the two ways', () => {
  test('write the same files wherever both are open', async () => {
    let both = 0
    await fc.assert(
      fc.asyncProperty(tables, async (table) => {
        const text = write(table)
        const columns = ['id', 'y', 'x']
        const fast = await prepareWay('fast', text, columns, formatOf(table))
        if (fast === undefined) return
        both++
        expect(fast).toEqual(await prepareWay('careful', text, columns, formatOf(table)))
      }),
      { numRuns: runsOf(200, 600) },
    )
    // A fast way that is never open would agree too.
    expect(both).toBeGreaterThan(5)
  })

  test('cleanse values, and know where those are that will be rejected, in the same way', async () => {
    let both = 0
    await fc.assert(
      fc.asyncProperty(fc.array(values, { minLength: 1, maxLength: 3 }), async (rows) => {
        const lines = rows.map(({ id, boss, x, y }) => [id, boss, x, y].join(','))
        const text = `id,boss,x,y\n${lines.join('\n')}\n`
        const columns = ['id', 'boss', 'x', 'y']
        const fast = await prepareWay('fast', text, columns, plainFormat, typed)
        if (fast === undefined) return
        both++
        expect(fast).toEqual(await prepareWay('careful', text, columns, plainFormat, typed))
      }),
      { numRuns: runsOf(60, 600) },
    )
    expect(both).toBeGreaterThan(5)
  })

  test('end every row in exactly one file, the first of a key in ordinal order', async () => {
    await fc.assert(
      fc.asyncProperty(tables, async (table) => {
        const found = await prepareWay('careful', write(table), ['id', 'x'], formatOf(table))
        const line = ([x = '', id = '']: readonly string[]) => `${csvField(id)},${csvField(x)}\n`
        const keyed = table.rows.filter(([, id]) => id !== '')
        const first = (row: readonly string[]) => keyed.find(([, id]) => id === row[1]) === row
        const sorted = keyed.filter(first).sort(([, a = ''], [, b = '']) => (a < b ? -1 : 1))
        expect(found).toMatchObject({
          sorted: `id,x\n${sorted.map(line).join('')}`,
          duplicates: `id,x\n${keyed
            .filter((row) => !first(row))
            .map(line)
            .join('')}`,
          nullpk: `id,x\n${table.rows
            .filter(([, id]) => id === '')
            .map(line)
            .join('')}`,
          rejected: 0,
        })
      }),
      { numRuns: 60 },
    )
  })

  test.each(['a,,', 'a,,""', '"a","",""'])('agree that %s has a field too many', async (line) => {
    const text = `id,a\n1,x\n${line}\n`
    expect(await prepareWay('fast', text, ['id', 'a'], plainFormat)).toBeUndefined()
    expect(await prepareWay('careful', text, ['id', 'a'], plainFormat)).toMatchObject({ rejected: 1 })
  })

  test.each(['a, ""', 'a, "b"', '1,"x"\na, ""'])(
    'agree on a quote after a blank at the end of the file: %j',
    async (body) => {
      const text = `id,a\n${body}`
      const fast = await prepareWay('fast', text, ['id', 'a'], plainFormat)
      expect(fast).toBeUndefined()
    },
  )

  test('agree on garbage too: a file that takes the fast way loses nothing there', async () => {
    const garbage = fc.string({
      unit: fc.constantFrom('a', 'b', ',', ',', '"', '\n', '\n', '\r\n', '""', ' '),
      maxLength: 60,
    })
    await fc.assert(
      fc.asyncProperty(garbage, async (body) => {
        const text = `id,a\n1,x\n${body}`
        const fast = await prepareWay('fast', text, ['id', 'a'], plainFormat)
        if (fast === undefined) return
        expect(fast).toEqual(await prepareWay('careful', text, ['id', 'a'], plainFormat))
      }),
      { numRuns: runsOf(200, 600) },
    )
  })
})
