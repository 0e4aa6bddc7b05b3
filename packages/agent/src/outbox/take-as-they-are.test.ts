import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PreparedFile } from '@sluice/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { entity, model, sourceOf, temporaryFolder } from '../../../prepare/test/prepare-text.ts'
import { declared, id, outgoing } from '../../test/outgoing.ts'
import { type OutboxNote, type Outgoing, outboxFolder, readOutbox, writeOutbox } from './outbox.ts'
import { lineUp, readQueue } from './outbox-queue.ts'
import { takeAsTheyAre } from './take-as-they-are.ts'

const source = sourceOf('/', {
  entities: [
    entity(['id', 'name']),
    entity(['code'], { name: 'Unit', entityType: 'Unit', file: 'units.csv' }),
  ],
})

let work: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  work = await temporaryFolder()
})
afterEach(() => work[Symbol.asyncDispose]())

const outbox = () => outboxFolder(work.path, 'hr')
const take = () => takeAsTheyAre(work.path, source, model('many-to-many'))
const edit = (name: string, text: string) => writeFile(join(outbox(), name), text)

const columns = { Person: ['id', 'name'], Unit: ['code'] }
const nothing = { rejected: 0, nullKey: 0, duplicate: 0, noLink: 0, unchanged: 0, deleted: 0 }

/** A prepared file of one row, whatever its text is. */
async function prepared(
  mapping: 'Person' | 'Unit',
  kind: 'csv' | 'delta',
  text: string,
  counts: Partial<PreparedFile> = {},
): Promise<PreparedFile> {
  return {
    ...(await declared(outbox(), `${mapping}.sorted.${kind}`, text)),
    mapping,
    kind: kind === 'csv' ? 'sorted' : 'delta',
    columns: columns[mapping],
    rows: 1,
    read: 1,
    ...nothing,
    ...counts,
  }
}

function referenceOf({ name, mapping, size, sha256, columns }: PreparedFile): Outgoing['references'][number] {
  return { name, mapping, size, sha256, columns, reading: {} }
}

function delivery(
  number: number,
  files: readonly PreparedFile[],
  references: readonly PreparedFile[],
  parts: Partial<Outgoing['manifest']> = {},
): Outgoing {
  const manifest = { files: [...files], timings: { export: 1, prepare: 2 }, notes: ['Before.'], ...parts }
  return outgoing(number, { mode: 'complete', manifest, references: references.map(referenceOf) })
}

async function taken(): Promise<Outgoing> {
  const note = await readOutbox(outbox())
  if (note?.stage !== 'prepared') throw new Error('Nothing is prepared.')
  return note
}

const changedNote = (name: string) => `${name} was changed after it had been prepared.`

describe('a delivery that nobody changed', () => {
  test('stays what it is', async () => {
    const people = await prepared('Person', 'csv', 'id,name\n1,Ann\n')
    const note = delivery(1, [people], [people])
    await writeOutbox(outbox(), note)
    await take()
    expect(await taken()).toEqual(note)
  })

  test('is not made of what a preparation that was killed has left', async () => {
    await prepared('Person', 'csv', 'id,name\n1,Ann\n')
    await prepared('Unit', 'csv', 'code\nX\n')
    const { version, source: name, mode, at } = outgoing(1)
    const note: OutboxNote = {
      version,
      source: name,
      mode,
      at,
      id: id(1),
      stage: 'announced',
      abandoned: [],
    }
    await writeOutbox(outbox(), note)
    await take()
    expect(await readOutbox(outbox())).toEqual(note)
  })
})

describe('a file that was changed by hand', () => {
  test('is counted as it is now; its delivery has another id, and gives up the former', async () => {
    const people = await prepared('Person', 'csv', 'id,name\n1,Ann\n', {
      rejected: 2,
      nullKey: 3,
      duplicate: 4,
      noLink: 5,
      read: 15,
    })
    // Nobody looks into what is as it was, not even whether it is in order.
    const units = await prepared('Unit', 'csv', 'code\nY\nX\n', { rejected: 7, read: 8 })
    const note = delivery(1, [people, units], [people, units])
    await writeOutbox(outbox(), { ...note, sending: true, abandoned: [id(9)] })
    await edit('Person.sorted.csv', 'id,name\n1,Anna\n2,Bob\n')
    await take()
    const now = await taken()
    expect(now).toMatchObject({ stage: 'prepared', byHand: true, abandoned: [id(9), id(1)] })
    expect(now.id).not.toBe(id(1))
    expect(now).not.toHaveProperty('sending')
    expect(now).not.toHaveProperty('outdated')
    const [first, second] = now.manifest.files
    expect(first).toMatchObject({
      size: 21,
      rows: 2,
      read: 16,
      rejected: 2,
      nullKey: 3,
      duplicate: 4,
      noLink: 5,
    })
    expect(second).toEqual(units)
    expect(now.manifest.notes).toEqual(['Before.', changedNote('Person.sorted.csv')])
    expect(now.references.map(({ size, sha256 }) => [size, sha256])).toEqual([
      [21, first?.sha256],
      [units.size, units.sha256],
    ])
  })

  test('says nothing of what changed since the delivery before, nor which rows stand for unreadable ones', async () => {
    const people = await prepared('Person', 'csv', 'id,name\n1,Ann\n')
    const delta = await prepared('Person', 'delta', 'command,id,name\ninsert,1,Ann\n')
    const { name, mapping, size, sha256, rows } = delta
    const since = { base: id(5), files: [{ name, mapping, size, sha256, rows }] }
    const note = delivery(1, [people], [people], { since, keptFrom: id(6) })
    await writeOutbox(outbox(), note)
    await edit('Person.sorted.delta', 'command,id,name\n')
    await take()
    const { manifest } = await taken()
    expect(manifest).toMatchObject({ files: [people], notes: ['Before.'] })
    expect(manifest).not.toHaveProperty('since')
    expect(manifest).not.toHaveProperty('keptFrom')
  })

  test('as a delta is not what the next one would be compared with, so none may build on it', async () => {
    const delta = await prepared('Person', 'delta', 'command,id,name\ninsert,1,Ann\n', {
      unchanged: 3,
      read: 4,
    })
    const whole = await prepared('Person', 'csv', 'id,name\n0,Zoe\n1,Ann\n')
    const units = await prepared('Unit', 'csv', 'code\nX\n')
    await writeOutbox(outbox(), delivery(1, [delta], [whole, units]))
    await edit('Person.sorted.delta', 'command,id,name\ndelete,0,\ninsert,1,Ann\nupdate,2,Bob\n')
    await take()
    const now = await taken()
    expect(now.outdated).toBe(changedNote('Person.sorted.delta'))
    // What a comparison deletes was not read.
    expect(now.manifest.files).toMatchObject([{ rows: 3, deleted: 1, unchanged: 3, read: 5 }])
    expect(now.references).toEqual([whole, units].map(referenceOf))
  })

  test('with commands of its own was read whole, deletes too, and outdates nothing', async () => {
    const delta = await prepared('Person', 'delta', 'command,id,name\ninsert,1,Ann\n')
    const units = await prepared('Unit', 'csv', 'code\nX\n')
    await writeOutbox(outbox(), delivery(1, [delta, units], [units]))
    await edit('Person.sorted.delta', 'command,id,name\ndelete,0,\ninsert,1,Ann\n')
    await take()
    const now = await taken()
    expect(now.manifest.files[0]).toMatchObject({ rows: 2, deleted: 1, read: 2 })
    expect(now).not.toHaveProperty('outdated')
  })

  test('beside those that are delivered outdates them, and leaves what they say', async () => {
    const delta = await prepared('Person', 'delta', 'command,id,name\ninsert,1,Ann\n')
    const whole = await prepared('Person', 'csv', 'id,name\n1,Ann\n')
    await writeOutbox(outbox(), delivery(1, [delta], [whole], { keptFrom: id(6) }))
    await edit('Person.sorted.csv', 'id,name\n1,Eve\n')
    await take()
    const now = await taken()
    expect(now.outdated).toBe(changedNote('Person.sorted.csv'))
    expect(now.manifest).toMatchObject({
      files: [delta],
      keptFrom: id(6),
      notes: ['Before.', `${changedNote('Person.sorted.csv')} It is not among the files that are delivered.`],
    })
  })

  test('is taken together with others, whichever they are', async () => {
    const delta = await prepared('Person', 'delta', 'command,id,name\ninsert,1,Ann\n')
    const whole = await prepared('Person', 'csv', 'id,name\n1,Ann\n')
    const { name, mapping, size, sha256, rows } = await prepared('Unit', 'delta', 'command,code\ninsert,X\n')
    const since = { base: id(5), files: [{ name, mapping, size, sha256, rows }] }
    const edits = {
      'Person.sorted.delta': 'command,id,name\ninsert,1,Eve\n',
      'Person.sorted.csv': 'id,name\n1,Eve\n',
      'Unit.sorted.delta': 'command,code\n',
    }
    for (const [name, text] of Object.entries(edits)) {
      for (const [other, otherText] of Object.entries(edits)) {
        await prepared('Person', 'delta', 'command,id,name\ninsert,1,Ann\n')
        await prepared('Person', 'csv', 'id,name\n1,Ann\n')
        await prepared('Unit', 'delta', 'command,code\ninsert,X\n')
        await writeOutbox(outbox(), delivery(1, [delta], [whole], { since }))
        await edit(name, text)
        await edit(other, otherText)
        await take()
        expect(await taken()).toMatchObject({ byHand: true, abandoned: [id(1)] })
      }
    }
  })

  test('as the list of rejected rows is counted of each mapping, and of none that it does not name', async () => {
    const people = await prepared('Person', 'csv', 'id,name\n1,Ann\n', { rejected: 1, read: 2 })
    const units = await prepared('Unit', 'csv', 'code\nX\n', { rejected: 4, read: 5 })
    const row = {
      mapping: 'Person',
      file: 'people.csv',
      line: 2,
      column: null,
      text: '',
      reason: 'no',
      fields: [],
    }
    const text = `${JSON.stringify(row)}\n`
    const rejections = {
      ...(await declared(outbox(), 'rejected.jsonl', text)),
      name: 'rejected.jsonl' as const,
      rows: 1,
    }
    const note = delivery(1, [people, units], [people, units], { rejections })
    await writeOutbox(outbox(), note)
    await edit('rejected.jsonl', text.repeat(3))
    await take()
    const { manifest } = await taken()
    expect(manifest.rejections).toMatchObject({ name: 'rejected.jsonl', rows: 3, size: 3 * text.length })
    expect(manifest.files).toMatchObject([
      { rejected: 3, read: 4 },
      { rejected: 0, read: 1 },
    ])
    expect(manifest.notes).toEqual(['Before.', changedNote('rejected.jsonl')])
  })

  test('is refused where its mapping is no longer configured', async () => {
    const people = await prepared('Person', 'csv', 'id,name\n1,Ann\n')
    const other = { ...people, mapping: 'Robot' }
    await writeOutbox(outbox(), delivery(1, [other], [other]))
    await edit('Person.sorted.csv', 'id,name\n1,Eve\n')
    await expect(take()).rejects.toMatchObject({
      code: 'SLUICE-DELIVER-04',
      message: expect.stringContaining('its mapping is no longer configured'),
    })
  })

  test('outdates all that waits behind it, but for what is outdated already', async () => {
    const people = await prepared('Person', 'csv', 'id,name\n1,Ann\n')
    await writeOutbox(outbox(), delivery(1, [people], [people]))
    await edit('Person.sorted.csv', 'id,name\n1,Eve\n')
    await lineUp(work.path, 'hr')
    await writeOutbox(outbox(), outgoing(2, { outdated: 'It was before.' }))
    await lineUp(work.path, 'hr')
    await writeOutbox(outbox(), outgoing(3))
    await take()
    const queue = await readQueue(work.path, 'hr')
    expect(queue.map(({ delivery }) => delivery.outdated)).toEqual([
      undefined,
      'It was before.',
      `it builds on delivery ${id(1)}, which was changed after it had been prepared.`,
    ])
    expect(queue[0]?.delivery).toMatchObject({ byHand: true, abandoned: [id(1)] })
  })

  test('outdates nothing of what waits before it', async () => {
    await writeOutbox(outbox(), outgoing(1))
    await lineUp(work.path, 'hr')
    const people = await prepared('Person', 'delta', 'command,id,name\ninsert,1,Ann\n')
    await writeOutbox(outbox(), { ...delivery(2, [people], []), mode: 'incremental' })
    await edit('Person.sorted.delta', 'command,id,name\ninsert,1,Eve\n')
    await lineUp(work.path, 'hr')
    await writeOutbox(outbox(), outgoing(3))
    await take()
    const queue = await readQueue(work.path, 'hr')
    expect(queue.map(({ delivery }) => delivery.outdated !== undefined)).toEqual([false, false, true])
    expect(queue[0]?.delivery.id).toBe(id(1))
  })
})

describe('files that a script has written', () => {
  const write = async () => [
    await prepared('Person', 'csv', 'id,name\n1,Ann\n2,Bob\n'),
    await prepared('Unit', 'csv', 'code\nX\n'),
  ]

  test('are everything there is of the source', async () => {
    const files = await write()
    await take()
    const now = await taken()
    expect(now).toMatchObject({
      source: 'hr',
      mode: 'complete',
      byHand: true,
      cookies: false,
      abandoned: [],
      manifest: {
        files: [
          { ...files[0], rows: 2, read: 2 },
          { ...files[1], rows: 1, read: 1 },
        ],
        notes: [
          'These files were delivered as they lie in the outbox, changed or written by hand: Person.sorted.csv, Unit.sorted.csv.',
        ],
      },
    })
    expect(now.manifest).not.toHaveProperty('rejections')
    expect(now.references).toEqual(
      now.manifest.files.map((file) => ({ ...referenceOf(file), reading: expect.anything() })),
    )
    expect(now.references.map(({ reading }) => reading['its key'])).toEqual(['id', 'code'])
  })

  test('count the rows that could not be read among those that were', async () => {
    await write()
    const row = {
      mapping: 'Unit',
      file: 'units.csv',
      line: 2,
      column: null,
      text: '',
      reason: 'no',
      fields: [],
    }
    await declared(outbox(), 'rejected.jsonl', `${JSON.stringify(row)}\n`)
    await take()
    const { manifest } = await taken()
    expect(manifest.rejections).toMatchObject({ rows: 1 })
    expect(manifest.files).toMatchObject([
      { rejected: 0, read: 2 },
      { rejected: 1, read: 2 },
    ])
  })

  test('are refused where one is missing: what it would hold would be deleted', async () => {
    await prepared('Unit', 'csv', 'code\nX\n')
    await expect(take()).rejects.toMatchObject({
      code: 'SLUICE-DELIVER-04',
      details: { file: join(outbox(), 'Person.sorted.csv') },
    })
    expect(await readOutbox(outbox())).toBeUndefined()
  })

  test('are none where none lies there', async () => {
    await take()
    expect(await readOutbox(outbox())).toBeUndefined()
  })

  test('are delivered once: until one of them is another', async () => {
    const files = await write()
    const delivered: OutboxNote = { ...delivery(1, files, files), stage: 'delivered', abandoned: [id(9)] }
    await writeOutbox(outbox(), delivered)
    await take()
    expect(await readOutbox(outbox())).toEqual(delivered)
    await edit('Unit.sorted.csv', 'code\nY\n')
    await take()
    const now = await taken()
    expect(now).toMatchObject({ mode: 'complete', byHand: true, abandoned: [id(9)] })
    expect(now.id).not.toBe(id(1))
  })

  test('are delivered again where two of them have changed places', async () => {
    const [people, teams] = ['code\nX\n', 'code\nY\n']
    const alike = sourceOf('/', {
      entities: ['Person', 'Unit'].map((name) => entity(['code'], { name, entityType: name })),
    })
    const files = [await prepared('Person', 'csv', people), await prepared('Unit', 'csv', teams)]
    await writeOutbox(outbox(), { ...delivery(1, files, files), stage: 'delivered' })
    await edit('Person.sorted.csv', teams)
    await edit('Unit.sorted.csv', people)
    await takeAsTheyAre(work.path, alike, model('many-to-many'))
    expect((await taken()).manifest.files.map(({ name, sha256 }) => [name, sha256])).toEqual([
      ['Person.sorted.csv', files[1]?.sha256],
      ['Unit.sorted.csv', files[0]?.sha256],
    ])
  })
})
