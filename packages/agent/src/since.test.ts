import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { keyOnly } from '@sluice/model'
import { expect, test } from 'vitest'
import { association, entity } from '../../prepare/test/prepare-text.ts'
import { SourceInTime } from '../test/source-in-time.ts'

const mappings = { entities: [entity(['id', 'name'])], associations: [association('id', 'friend')] }
const files = (people: string, members = '') => ({
  'people.csv': `id,name\n${people}`,
  'members.csv': `id,friend\n${members}`,
})

/** A source that delivers incrementals, and has delivered these people and members. */
async function delivered(people: string, members?: string): Promise<SourceInTime & { id: string }> {
  const source = await SourceInTime.open(mappings)
  source.mode = 'incremental'
  const id = await source.complete(files(people, members), randomUUID())
  return Object.assign(source, { id })
}

test.each(['incremental', 'auto', 'complete'] as const)(
  'a complete tells what changed since the reference, and delivers it: %s',
  async (mode) => {
    await using source = await delivered('u1,Ann\nu2,Bob\n', 'u1,u2\n')
    source.mode = mode
    const prepared = await source.prepare('complete', files('u1,Anna\nu3,Carl\n', 'u1,u2\n'))
    expect(prepared.manifest.since).toMatchObject({
      base: source.id,
      files: [
        { name: 'Person.sorted.delta', mapping: 'Person', rows: 3 },
        { name: 'member.sorted.delta', mapping: 'member', rows: 0 },
      ],
    })
    expect(await source.text('Person.sorted.delta')).toBe(
      'command,id,name\nupdate,u1,Anna\ndelete,u2,Bob\ninsert,u3,Carl\n',
    )
    expect(prepared.manifest.files.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'Person.sorted.csv sorted',
      'member.sorted.csv sorted',
    ])
    const id = await source.deliver(prepared)
    expect(source.inbox.files.get(id)).toEqual([
      'Person.sorted.csv',
      'member.sorted.csv',
      'Person.sorted.delta',
      'member.sorted.delta',
    ])
    expect(await source.reference('Person')).toBe('id,name\nu1,Anna\nu3,Carl\n')
  },
)

test('a row that could not be read is neither deleted nor lost for the next comparison', async () => {
  await using source = await delivered('u1,Ann\nu2,Bob\n')
  const { manifest } = await source.prepare('complete', files('u1,Ann\nu2,Bob,too many\n'))
  expect(manifest.since?.files).toMatchObject([{ rows: 0 }, { rows: 0 }])
  expect(await source.text('Person.reference.csv')).toBe('id,name\nu1,Ann\nu2,Bob\n')
})

const unreadable = files('u1,Ann\nu2,Bob,too many\n', 'u1,u2,too many\n')

test('a complete says from which delivery it has the rows that could not be read, whatever the mode of its source', async () => {
  await using source = await delivered('u1,Ann\nu2,Bob\n')
  expect((await source.prepare('complete', files('u1,Ann\n'))).manifest).not.toHaveProperty('keptFrom')
  expect((await source.prepare('complete', unreadable)).manifest.keptFrom).toBe(source.id)
  source.mode = 'auto'
  expect((await source.prepare('complete', unreadable)).manifest.keptFrom).toBe(source.id)
})

test('nothing is told of types that are shared, of which changes follow from other sources, too', async () => {
  await using source = await delivered('u1,Ann\n')
  source.mode = 'auto'
  const shared = mappings.entities.map((mapping) => ({ ...mapping, federation: keyOnly }))
  source.mappings = { ...source.mappings, entities: shared }
  expect((await source.prepare('complete', files('u1,Anna\n'))).manifest).not.toHaveProperty('since')
})

/** Why nothing is known; nothing fails for it. */
const reasons: readonly [string, (source: SourceInTime) => unknown][] = [
  [
    'a reference file was touched',
    (source) => writeFile(source.referencePath('member'), 'id,friend\nu2,u1\n'),
  ],
  ['one was cut', (source) => writeFile(source.referencePath('Person'), '')],
  [
    'other columns are mapped',
    (source) => (source.mappings = { ...mappings, entities: [entity(['name', 'id'])] }),
  ],
  [
    'commands came in between',
    async (source) => {
      const commands = { ...files('', 'u1,u2\n'), 'people.csv': 'command,id,name\ndelete,u2,\n' }
      await source.deliver(await source.prepare('incremental', commands), randomUUID())
    },
  ],
]
test.each(reasons)('nothing is told when %s', async (_, disturb) => {
  await using source = await delivered('u1,Ann\nu2,Bob\n', 'u1,u2\n')
  await disturb(source)
  const { manifest } = await source.prepare('complete', files('u1,Anna\n', 'u1,u2\n'))
  expect(manifest).not.toHaveProperty('since')
  expect(await source.names()).not.toContain('Person.sorted.delta')
  expect(await source.names()).not.toContain('member.sorted.delta')
})

/** Where the rows of one mapping are missing, none of them count. */
const withoutRows: typeof reasons = [
  ...reasons,
  [
    'files were changed by hand',
    async ({ state }) => {
      const path = join(state, 'previous/reference.json')
      await writeFile(
        path,
        JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), outdated: 'changed' }),
      )
    },
  ],
]
test.each(withoutRows)(
  'rows that could not be read are not from the delivery before when %s',
  async (_, disturb) => {
    await using source = await delivered('u1,Ann\nu2,Bob\n', 'u1,u2\n')
    await disturb(source)
    expect((await source.prepare('complete', unreadable)).manifest).not.toHaveProperty('keptFrom')
  },
)

test('a first complete and an initial have nothing to tell of', async () => {
  await using source = await SourceInTime.open(mappings)
  source.mode = 'incremental'
  expect((await source.prepare('complete', files('u1,Ann\n'))).manifest).not.toHaveProperty('since')
  await source.complete(files('u1,Ann\n'), randomUUID())
  expect((await source.prepare('initial', files(''))).manifest).not.toHaveProperty('since')
})
