import { randomUUID } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PreparedFile } from '@sluice/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runsOf } from '../../../test/thoroughness.ts'
import { association, entity } from '../../prepare/test/prepare-text.ts'
import { SourceInTime } from '../test/source-in-time.ts'

const people = { entities: [entity(['id', 'name'])] }
const file = (rows: string) => ({ 'people.csv': `id,name\n${rows}` })

/** Every row read is in one place. Deletes of a comparison were not read. */
function expectSum(counts: PreparedFile): void {
  const { read, rejected, nullKey, duplicate, noLink, unchanged, rows, deleted } = counts
  expect(rejected + nullKey + duplicate + noLink + unchanged + rows - deleted).toBe(read)
}

describe('comparing', () => {
  test('says what is new, gone and different, by key, and counts what is not', async () => {
    await using source = await SourceInTime.open(people)
    await source.complete(file('u1,Ann\nu2,Bob\nu3,Carol\n'))
    const { delta, counts } = await source.incremental(
      file('u4,Dan\nu3,Caroline\nu1,Ann\nu1,Twice\n,Nobody\n'),
    )
    expect(delta).toBe('command,id,name\ndelete,u2,Bob\nupdate,u3,Caroline\ninsert,u4,Dan\n')
    expect(counts).toMatchObject({
      kind: 'delta',
      rows: 3,
      deleted: 1,
      unchanged: 1,
      duplicate: 1,
      nullKey: 1,
      read: 5,
    })
    expectSum(counts)
    expect(await source.reference('Person')).toBe('id,name\nu1,Ann\nu3,Caroline\nu4,Dan\n')
    expect(await source.text('Person.duplicates.csv')).toBe('id,name\nu1,Twice\n')
  })

  test('leaves a header when nothing changed', async () => {
    await using source = await SourceInTime.open(people)
    await source.complete(file('u1,Ann\n'))
    expect((await source.incremental(file('u1,Ann\n'))).delta).toBe('command,id,name\n')
  })

  test('goes from nothing to something and back', async () => {
    await using source = await SourceInTime.open(people)
    await source.complete(file(''))
    expect((await source.incremental(file('u1,Ann\n'))).delta).toBe('command,id,name\ninsert,u1,Ann\n')
    expect((await source.incremental(file(''))).delta).toBe('command,id,name\ndelete,u1,Ann\n')
  })

  test('finds the changes whatever the rows hold and wherever the reading breaks off', async () => {
    const text = fc.oneof(
      fc.constantFrom('', 'a', 'a,b', 'say "hi"', 'two\nlines', '\u{1F600}', '\uFF01', 'x'.repeat(300)),
      fc.string({ maxLength: 8, unit: 'grapheme' }).map((part) => part.replaceAll(/[\0\r]/g, '')),
    )
    const table = fc.uniqueArray(
      fc.tuple(
        text.filter((key) => key !== ''),
        text,
      ),
      {
        selector: ([key]) => key,
        maxLength: 40,
      },
    )
    const entities = [
      entity(['id', 'name'], {
        format: { skipLines: 0, quotedLineBreaks: 'trust', shortRows: 'reject', separator: ',' },
      }),
    ]
    await fc.assert(
      fc.asyncProperty(table, table, fc.boolean(), async (one, other, alike) => {
        await using source = await SourceInTime.open({ entities })
        const next = alike
          ? [
              ...one.slice(0, one.length >> 1),
              ...other.filter(([key]) => !one.some(([known]) => known === key)),
            ]
          : other
        await source.complete({ 'people.csv': csv(['id', 'name'], one) })
        const before = rowsOf(await source.reference('Person'))
        const { delta, counts } = await source.incremental({ 'people.csv': csv(['id', 'name'], next) })
        expectSum(counts)
        const after = applied(before, rowsOf(delta))
        const expected = [...next].sort(([a], [b]) => (a < b ? -1 : 1))
        expect([...after].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, row]) => [key, ...row])).toEqual(
          expected,
        )
        expect(rowsOf(await source.reference('Person'))).toEqual(expected)
      }),
      { numRuns: runsOf(20, 60) },
    )
  }, 120_000)

  test('finds the few changes of a file of many pieces', async () => {
    await using source = await SourceInTime.open(people)
    const names = Array.from({ length: 90_000 }, (_, at) =>
      at % 7 === 0 ? `"Doe, ${at}"` : `Jane ${at} of ${'x'.repeat(at % 40)}`,
    )
    const rows = (changed: (name: string, at: number) => string | undefined) =>
      names
        .map((name, at) => changed(name, at))
        .map((name, at) => (name === undefined ? '' : `u${String(at).padStart(6, '0')},${name}\n`))
        .join('')
    await source.complete(file(rows((name, at) => (at === 77_777 ? undefined : name))))
    const { delta, counts } = await source.incremental(
      file(
        rows((name, at) =>
          at === 0 || at === 50_001 ? undefined : at === 33_333 || at === 89_999 ? 'New' : name,
        ),
      ),
    )
    expect(delta.split('\n').map((line) => line.slice(0, 14))).toEqual([
      'command,id,nam',
      'delete,u000000',
      'update,u033333',
      'delete,u050001',
      'insert,u077777',
      'update,u089999',
      '',
    ])
    expectSum(counts)
  })

  test('an association changes by pairs: links come and go', async () => {
    await using source = await SourceInTime.open({
      associations: [association('boss', 'id', { file: 'people.csv' })],
      entities: [entity(['id'])],
      cardinality: 'one-to-many',
    })
    await source.complete({ 'people.csv': 'id,boss\n1,A\n2,A\n' })
    await source.incremental({ 'people.csv': 'id,boss\n1,\n2,B\n' })
    expect(await source.text('member.sorted.delta')).toBe(
      'command,boss,id\ndelete,A,1\ndelete,A,2\ninsert,B,2\n',
    )
  })

  test('a row that cannot be read is not taken for gone, and goes when it is', async () => {
    await using source = await SourceInTime.open(people)
    await source.complete(file('u1,Ann\nu2,Bob\nu3,Carol\n'))
    const broken = await source.incremental(file('u1,Ann\nu2,Bob,surplus\nu4,Dan\n'))
    expect(broken.delta).toBe('command,id,name\ndelete,u3,Carol\ninsert,u4,Dan\n')
    expect(broken.notes[0]).toContain('1 row of Person')
    expect(await source.reference('Person')).toBe('id,name\nu1,Ann\nu2,Bob\nu4,Dan\n')
    const mended = await source.incremental(file('u1,Ann\nu4,Dan\n'))
    expect(mended.delta).toBe('command,id,name\ndelete,u2,Bob\n')
  })
})

describe('a complete', () => {
  test('keeps for the next comparison what it could not read, and a later one finds it gone', async () => {
    await using source = await SourceInTime.open(people)
    await source.complete(file('u1,Ann\nu2,Bob\nu3,Carol\n'), randomUUID())
    await source.complete(file('u1,Ann\nu2,Bob,surplus\n'))
    expect(await source.text('Person.sorted.csv')).toBe('id,name\nu1,Ann\n')
    expect(await source.reference('Person')).toBe('id,name\nu1,Ann\nu2,Bob\n')
    expect((await source.incremental(file('u1,Ann\n'))).delta).toBe('command,id,name\ndelete,u2,Bob\n')
  })

  test('goes on without what it could not read where the reference was edited', async () => {
    await using source = await SourceInTime.open(people)
    await source.complete(file('u1,Ann\nu2,Bob\n'))
    await writeFile(source.referencePath('Person'), 'id,name\nu1,Ann\nu2,Rob\n')
    await source.complete(file('u1,Ann\nu2,Bob,surplus\n'))
    expect(await source.reference('Person')).toBe('id,name\nu1,Ann\n')
    expect(await source.names()).not.toContain('Person.reference.csv')
  })
})

describe("the managed system's own commands", () => {
  const commands = (rows: string) => ({ 'people.csv': `badge,COMMAND,id,name\n${rows}` })

  test('pass in the order of the file, in one spelling, and nothing else is written', async () => {
    await using source = await SourceInTime.open(people)
    await source.complete(file('u1,Ann\n'))
    const { delta, counts } = await source.incremental(
      commands('7,ADD,u9,"Zoe, B"\n7,Delete,u1,\n7,update,u1,Anna\n7,merge,u1,Anna\n7,,u2,\n'),
    )
    expect(delta).toBe(
      'command,id,name\ninsert,u9,"Zoe, B"\ndelete,u1,\nupdate,u1,Anna\nmerge,u1,Anna\nmerge,u2,\n',
    )
    expect(counts).toMatchObject({ read: 5, rows: 5, deleted: 1, rejected: 0, unchanged: 0 })
    expect(await source.names()).toEqual(['Person.sorted.delta'])
    expect(await source.reference('Person')).toBe('id,name\nu1,Ann\n')
  })

  test('a row with an unknown command is rejected with its line', async () => {
    await using source = await SourceInTime.open(people)
    await source.complete(file(''))
    const { delta, counts } = await source.incremental(
      commands('1,insert,u1,Ann\n1,upsert,u2,Bob\n1,delete\n'),
    )
    expect(delta).toBe('command,id,name\ninsert,u1,Ann\n')
    expect(counts).toMatchObject({ read: 3, rejected: 2, rows: 1 })
    expect(await source.text('Person.rejected.csv')).toContain(
      'people.csv,3,command,"""upsert"" is not a command"',
    )
  })

  test('are one more unmapped column of a complete', async () => {
    await using source = await SourceInTime.open(people)
    await source.complete(commands('1,insert,u1,Ann\n1,,u2,Bob\n1,ADD,u3,Cid\n'))
    expect(await source.reference('Person')).toBe('id,name\nu1,Ann\nu2,Bob\nu3,Cid\n')
  })

  test.each(['update', 'delete', ' Merge'])(
    'refuse a complete of which a row says %s: what that does not name would be deleted',
    async (word) => {
      await using source = await SourceInTime.open(people)
      await expect(source.complete(commands(`1,insert,u1,Ann\n1,${word},u2,Bob\n`))).rejects.toMatchObject({
        code: 'SLUICE-PREPARE-31',
        details: { file: 'people.csv', line: 3 },
      })
    },
  )

  test('are data where another column stands first and a row holds what no command looks like', async () => {
    const jobs = (host: string) => ({
      'people.csv': `id,host,Command\nj1,${host},delete\nj2,${host},/bin/true --all\nj3,${host},\n`,
    })
    await using source = await SourceInTime.open({ entities: [entity(['id', 'host'])] })
    await source.complete(jobs('ape'))
    const { delta, notes } = await source.incremental(jobs('bee'))
    expect(delta).toBe('command,id,host\nupdate,j1,bee\nupdate,j2,bee\nupdate,j3,bee\n')
    expect(notes).toContain(
      'The column Command is not taken for commands, but for data that nothing maps: people.csv, line 3, holds "/bin/true --all".',
    )
  })

  test('are values like any other where the column is mapped', async () => {
    await using source = await SourceInTime.open({ entities: [entity(['id', 'Command'])] })
    await source.complete({ 'people.csv': 'id,Command\nu1,delete\n' })
    const { delta } = await source.incremental({ 'people.csv': 'id,Command\nu1,add\n' })
    expect(delta).toBe('command,id,Command\nupdate,u1,add\n')
  })

  test('leave a reference that the next comparison calls older than it should be', async () => {
    await using source = await SourceInTime.open(people)
    await source.complete(file('u1,Ann\n'))
    await source.incremental(commands('1,insert,u2,Bob\n'))
    const { delta, notes } = await source.incremental(file('u1,Ann\n'))
    expect(delta).toBe('command,id,name\n')
    expect(notes[0]).toContain('older than the last delivery')
  })
})

describe('an incremental is refused', () => {
  const start = async () => {
    const source = await SourceInTime.open(people)
    await source.complete(file('u1,Ann\nu2,Bob\n'))
    return source
  }
  const code = (number: number) => ({ code: `SLUICE-PREPARE-${number}` })

  test('before anything was delivered', async () => {
    await using source = await SourceInTime.open(people)
    await expect(source.prepare('incremental', file(''))).rejects.toMatchObject(code(11))
  })

  test('when its reference file is gone', async () => {
    await using source = await start()
    await rm(source.referencePath('Person'))
    await expect(source.prepare('incremental', file(''))).rejects.toMatchObject(code(11))
  })

  test.each([
    ['edited', 'id,name\nu1,Ann\nu2,Rob\n'],
    ['made shorter', 'id,name\nu1,Ann\n'],
    ['made nonsense', 'id,name\nu1,Ann\n"u2,Bob'],
    ['given another header', 'id,nane\nu1,Ann\nu2,Bob\n'],
    ['emptied', ''],
  ])('when its reference file was %s, and the former files stay', async (_, text) => {
    await using source = await start()
    await writeFile(source.referencePath('Person'), text)
    await expect(source.prepare('incremental', file('u1,Ann\n'))).rejects.toMatchObject(code(13))
    expect(await source.names()).toEqual(['Person.duplicates.csv', 'Person.nullpk.csv', 'Person.sorted.csv'])
    expect(await source.reference('Person')).toBe(text)
    await source.complete(file('u1,Ann\n'))
    expect((await source.incremental(file(''))).delta).toBe('command,id,name\ndelete,u1,Ann\n')
  })

  test('when what is noted of the reference was edited', async () => {
    await using source = await start()
    const path = join(source.state, 'previous/reference.json')
    await writeFile(path, (await readFile(path, 'utf8')).slice(0, -20))
    await expect(source.prepare('incremental', file(''), 'd1')).rejects.toMatchObject(code(13))
  })

  test('when other columns are mapped, or another mapping is new', async () => {
    await using source = await start()
    source.mappings = { entities: [entity(['id'])] }
    await expect(source.prepare('incremental', file(''))).rejects.toMatchObject(code(14))
    source.mappings = { entities: [...people.entities, entity(['id'], { name: 'Other' })] }
    await expect(source.prepare('incremental', file(''))).rejects.toMatchObject(code(11))
  })

  test('when another delivery came between its announcement and its preparation', async () => {
    await using source = await start()
    await source.incremental(file('u1,Ann\n'))
    await expect(source.prepare('incremental', file(''), 'd1')).rejects.toMatchObject(code(15))
  })
})

/** The rows before with the commands applied, each of which must have something to do. */
function applied(before: readonly string[][], delta: readonly string[][]): Map<string, string[]> {
  const rows = new Map(before.map(([key = '', ...row]) => [key, row]))
  for (const [command, key = '', ...row] of delta) {
    expect(rows.has(key)).toBe(command !== 'insert')
    if (command === 'delete') {
      expect(rows.get(key)).toEqual(row)
      rows.delete(key)
    } else {
      expect(rows.get(key)).not.toEqual(row)
      rows.set(key, row)
    }
  }
  return rows
}

function csv(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (fields: readonly string[]) =>
    `${fields.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')}\n`
  return [header, ...rows].map(line).join('')
}

/** The rows of a prepared file without its header. */
function rowsOf(text: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === '\n') rows.push([])
  }
  return rows.slice(1, -1)
}
