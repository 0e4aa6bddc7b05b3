/**
 * Files that broke Sluice once, modelled on what people reported of other tools, each with what it has to come to (`field/`).
 *
 * Each is of a kind that has its own tests; here the whole way is gone, from the file to what is stored.
 *
 * @module
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkProject } from '../packages/project/src/index.ts'
import { projectOf } from '../packages/project/test/project-of.ts'
import { begin, field, rejected } from './field-case.ts'

describe('names of resources', () => {
  test('01: GUIDs in capitals find what they name', async () => {
    await using one = await begin('01')
    await one.sync('ad')
    expect(await one.stored('Person', 'id', 'mainGroup')).toEqual(['p1 Harbour crew', 'p2 Dock office'])
  })

  test('02: zeros before a number say nothing', async () => {
    await using one = await begin('02')
    await one.sync('erp')
    expect(await one.stored('Asset', 'tag', 'costCentre')).toEqual([
      'A-1 Paint shop',
      'A-2 Foundry',
      'A-3 Foundry',
    ])
  })

  test('32: logins that are swapped lead to whom they name now', async () => {
    await using one = await begin('32')
    await one.sync('hr')
    await one.sync('desks')
    await one.sync('hr', { folder: 'next' })
    expect(await one.stored('Desk', 'id', 'owner')).toContain('D1 Una Bar')
  })
})

describe('encodings', () => {
  test('04: one cut byte behind 74,000 rows of UTF-8 costs one row', async () => {
    const row = (number: number) => `u${String(number).padStart(6, '0')},Zoë Grünfeld ${number},Łódź\n`
    const text = `id,name,town\n${Array.from({ length: 74_000 }, (_, at) => row(at + 1)).join('')}u999999,Andr`
    await using at = await projectOf({
      configuration: await readFile(join(field, '04b-small-file-one-stray/sluice.yaml'), 'utf8'),
      files: {
        'data/people.csv': Buffer.concat([Buffer.from(text), Buffer.from([0xc3]), Buffer.from(',X\n')]),
      },
    })
    const report = await at.project.sync('hr')
    expect(report.entities[0]?.rows).toMatchObject({ read: 74_001, rejected: 1 })
    const first = at.project.repository.resources('Person', {
      where: [{ property: 'id', operator: '=', value: 'u000001' }],
    })
    for await (const { values } of first)
      expect(values).toMatchObject({ name: 'Zoë Grünfeld 1', town: 'Łódź' })
  })

  test.each(['04b', '53', '53d'])('%s: names are what they are', async (number) => {
    await using one = await begin(number)
    await one.sync('hr')
    expect((await one.stored('Person', 'name')).join()).toMatch(/Zoë|Łukasz/)
  })

  test('63: two marks before a quoted header are no part of it', async () => {
    await using one = await begin('63')
    await one.sync('hr')
    expect(await one.stored('Person', 'id')).toContain('1')
  })
})

describe('numbers', () => {
  test('05: are exact in what changed', async () => {
    await using one = await begin('05')
    await one.sync('cards')
    const { run } = await one.sync('cards', { folder: 'next' })
    const changes: string[] = []
    for await (const change of one.at.project.changes(run ?? 0)) changes.push(JSON.stringify(change))
    expect(changes.join()).toMatch(
      /8988211000000000017.*8988211000000000018|8988211000000000018.*8988211000000000017/,
    )
    expect(changes.join()).toContain('1234567890123456789012345678901234567890.13')
  })
})

describe('rows that are read otherwise from now on', () => {
  test('06: a format that was mended', async () => {
    await using one = await begin('06')
    await one.sync('hr')
    await one.at.reconfigure((yaml) => yaml.replace('MM/dd/yyyy', 'dd/MM/yyyy'))
    await one.sync('hr')
    expect(await one.stored('Person', 'id', 'hired')).toEqual(
      expect.arrayContaining(['1 2024-04-03', '3 2025-12-25']),
    )
  })

  test('07: an enum that was widened', async () => {
    await using one = await begin('07')
    await one.sync('inv')
    await one.at.reconfigure((yaml) => yaml.replace('[stock, used]', '[stock, used, lent]'))
    await one.sync('inv')
    expect(await one.stored('Device', 'serial', 'state')).toContain('S3 lent')
  })

  test('08: another key', async () => {
    await using one = await begin('08')
    await one.sync('hr')
    await one.at.reconfigure((yaml) => yaml.replace('key: id', 'key: mail'))
    await one.sync('hr', { folder: 'next' })
    const people = await one.stored('Person', 'id', 'name')
    expect(people).toContain('1 Zita Orr-Hill')
    await one.sync('hr', { folder: 'next', mode: 'complete' })
    expect((await one.stored('Person', 'name')).filter((name) => name.includes('Orr'))).toHaveLength(4)
  })

  test('60: other types', async () => {
    await using one = await begin('60')
    await one.sync('inv')
    await one.at.reconfigure((yaml) =>
      yaml.replace(
        'postcode: integer, rate: decimal, on: boolean, room: string',
        'postcode: string, rate: string, on: string, room: {type: string, required: true}',
      ),
    )
    await one.sync('inv')
    expect(await one.stored('Asset', 'tag', 'postcode', 'rate', 'on')).toContain('A1 01067 +007.50 TRUE')
  })

  test('61: a property that is required now', async () => {
    await using one = await begin('61')
    await one.sync('inv')
    await one.at.reconfigure((yaml) => yaml.replace('room: string', 'room: {type: string, required: true}'))
    const report = await one.sync('inv')
    expect((await rejected(one.at.project, report)).join()).toContain('a value is required')
  })
})

describe('what a row can hold', () => {
  test('10: a lone backslash and point', async () => {
    await using one = await begin('10')
    await one.sync('s')
    expect(await one.stored('Drive', 'path')).toHaveLength(4)
  })

  test('11: more than a row of PostgreSQL rejects that row, with its size', async () => {
    await using one = await begin('11')
    const report = await one.sync('lab', { force: true })
    expect((await rejected(one.at.project, report)).join()).toMatch(/the row takes 8\d\d\d bytes/)
  })

  test.each(['12', '41'])('%s: what PostgreSQL cannot hold is found by check', async (number) => {
    const name = (await readdir(field)).find((one) => one.startsWith(`${number}-`)) ?? ''
    const { findings } = await checkProject(join(field, name))
    expect(findings.filter(({ severity }) => severity === 'error')).not.toEqual([])
  })

  test('13: the sign that ends a DOS file belongs to no row', async () => {
    await using one = await begin('13')
    await one.sync('port')
    expect(await one.stored('Vessel', 'id')).toHaveLength(2)
  })

  test.each(['31', '31c'])('%s: a row with any bytes is rejected and shown', async (number) => {
    await using one = await begin(number)
    const report = await one.sync('hr', { force: true })
    expect(report.state).toBe('applied')
    expect(await rejected(one.at.project, report)).toHaveLength(1)
  })
})

describe('changes', () => {
  test('66: are not taken for everything when the reference is lost', async () => {
    await using one = await begin('66')
    await one.sync('hr')
    await one.sync('hr', { folder: 'd1' })
    const before = await one.stored('Person', 'id', 'name', 'town')
    await writeFile(join(one.at.folder, '.sluice/state/hr/previous/reference.json'), '')
    await expect(one.sync('hr', { folder: 'd2' })).rejects.toMatchObject({
      code: expect.stringMatching(/^SLUICE-/),
    })
    expect(await one.stored('Person', 'id', 'name', 'town')).toEqual(before)
  })

  test('67: are not taken for everything on the first delivery', async () => {
    await using one = await begin('67')
    await expect(one.sync('hr')).rejects.toMatchObject({ code: expect.stringMatching(/^SLUICE-PREPARE-3/) })
    expect(await one.stored('Person', 'id')).toEqual([])
  })

  test('35: behind a delete of the same key are refused by name', async () => {
    await using one = await begin('35')
    await one.sync('hr')
    const report = await one.sync('hr', { folder: 'd1', mode: 'incremental' })
    const refused: string[] = []
    for await (const { key, file } of one.at.project.repository.rejectedRows(report.run ?? 0))
      refused.push(`${file} ${key}`)
    expect(refused).toContain('people.csv 3')
  })

  test('36: with an unknown command at the end of the file cost one row', async () => {
    await using one = await begin('36')
    await one.sync('hr')
    for (const folder of ['d1', 'd2', 'd3', 'd4']) {
      const report = await one.sync('hr', { folder, mode: 'incremental' })
      expect({ folder, state: report.state }).toEqual({ folder, state: 'applied' })
    }
  })

  test('74: act on what their rows are of, and on nothing else that stands in them', async () => {
    await using one = await begin('74')
    await one.sync('hr')
    await one.sync('hr', { folder: 'd1' })
    expect(await one.stored('Person', 'id', 'dept')).toEqual(expect.arrayContaining(['2 A', '3 C']))
  })

  test('68: are not what a column of another kind says', async () => {
    await using one = await begin('68')
    await one.sync('cron')
    await one.sync('cron', { folder: 'next' })
    expect((await one.stored('Task', 'host')).filter((host) => host.includes('bee'))).toHaveLength(6)
  })
})

describe('a model that moves on', () => {
  test('69: while a run is held', async () => {
    await using one = await begin('69')
    await one.sync('hr')
    await one.sync('other')
    const held = await one.sync('hr', { folder: 'next' })
    expect(held.state).toBe('held')
    await one.at.reconfigure((yaml) =>
      yaml.replace('name: string, town: string}', 'name: string, phone: string, town: text}'),
    )
    await one.sync('other')
    const approved = one.at.project.approve(held.run ?? 0, { by: 'a test' })
    const word = await approved.then(
      ({ report }) => report.state,
      (error: unknown) => String(Object(error).code),
    )
    expect(word).toMatch(/^(applied|held|SLUICE-[A-Z]+-\d+)$/)
    expect(word).not.toMatch(/DEFECT/)
  })

  test('72: while links wait', async () => {
    await using one = await begin('72')
    await one.sync('members')
    await one.at.reconfigure((yaml) =>
      yaml.replace('grade: string', 'grade: integer').replace('grade: grade', 'grade: level'),
    )
    await one.sync('teams')
    expect((await one.sync('hr')).state).toBe('applied')
  })
})
