/**
 * Values and files as they are found in the field (`field/`), the whole way from the file to what is stored.
 *
 * @module
 */
import { describe, expect, test } from 'vitest'
import { begin, rejected } from './field-case.ts'

describe('numbers', () => {
  test('14: have the blank between their thousands that Excel and ICU write', async () => {
    await using one = await begin('14')
    await one.sync('s')
    expect(await one.stored('Item', 'price')).toEqual(['1234.50', '1234.50', '1234.50'])
  })

  test('16: are written by many programs in many ways; a percent sign says nothing unless the mapping does', async () => {
    await using one = await begin('16')
    const report = await one.sync('s', { force: true })
    expect(await rejected(one.at.project, report)).toEqual(['13: not a decimal number such as 1234.5'])
    const found = await one.stored('Item', 'id', 'share')
    expect(found).toEqual(
      expect.arrayContaining(['1 0.5', '2 -0.25', '3 3', '5 -7', '6 -7', '7 1500', '10 4', '11 4']),
    )
    await one.at.reconfigure((yaml) =>
      yaml.replace('share: share', 'share: {column: share, percent: fraction}'),
    )
    await one.sync('s')
    expect(await one.stored('Item', 'id', 'share')).toContain('12 0.50')
  })

  test('70: of 64 bits are looked for', async () => {
    await using one = await begin('70')
    await one.sync('s', { force: true })
    const keys: string[] = []
    const where = [{ property: 'iccid', operator: '=', value: '8988211000000000017' }] as const
    for await (const { values } of one.at.project.repository.resources('Card', { where }))
      keys.push(String(values['iccid']))
    expect(keys).toEqual(['8988211000000000017'])
  })
})

describe('what is written where there is no value', () => {
  test('20: is said once for the source', async () => {
    await using one = await begin('20')
    await one.sync('hr')
    expect(await one.stored('Person', 'id', 'town', 'age', 'born', 'dept')).toEqual([
      '1 – – – Dyeing',
      '2 – 41 – –',
      '3 Ulm 42 1984-02-29 Dyeing',
    ])
  })
})

describe('names', () => {
  test('28: are one name in both forms of Unicode', async () => {
    await using one = await begin('28')
    const report = await one.sync('hr')
    expect(await one.stored('Person', 'id', 'site')).toEqual(['1 Köln', '2 Köln'])
    expect(report.notes.join()).toContain('normal form C')
  })

  test('37: of nothing but blanks are none, and one that is padded is told of', async () => {
    await using one = await begin('37')
    const report = await one.sync('hr')
    expect(report.entities.find(({ mapping }) => mapping === 'Person')?.rows).toMatchObject({ nullKey: 3 })
    const explained = await one.at.project.repository.explain('Person', '1')
    expect(explained?.values.find(({ property }) => property === 'dept')).toMatchObject({
      orphan: 'D1',
      padded: [expect.stringMatching(/^\d+$/)],
    })
  })

  test('46: that several answer to are ambiguous, and not unknown', async () => {
    await using one = await begin('46')
    await one.sync('hr')
    const boss = async (key: string) => {
      const explained = await one.at.project.repository.explain('Person', key)
      return explained?.values.find(({ property }) => property === 'boss')
    }
    expect(await boss('3')).toMatchObject({ orphan: 'Ole Bar', candidates: ['1', '2'] })
    expect(await boss('4')).toMatchObject({ orphan: 'Nobody' })
    expect(await boss('4')).not.toHaveProperty('candidates')
  })
})

describe('rows', () => {
  test('25b: with a blank before a quote are rejected, and hold the run, for there are no others', async () => {
    await using one = await begin('25b')
    expect((await one.sync('hr')).state).toBe('held')
    expect(await one.stored('Person', 'name')).toEqual([])
  })

  test('26: that all end with a separator are whole', async () => {
    await using one = await begin('26')
    await one.sync('hr')
    expect(await one.stored('Person', 'id', 'town')).toEqual(['1 Oslo', '2 Bergen', '3 Voss'])
  })

  test('27: that repeat the header are no people', async () => {
    await using one = await begin('27')
    const report = await one.sync('hr')
    expect(await one.stored('Person', 'id')).toEqual(['1', '2', '3'])
    expect((await rejected(one.at.project, report)).map((each) => each.split(':')[0])).toEqual(['3', '5'])
  })

  test('47: with an illegal value are told with their line', async () => {
    await using one = await begin('47')
    const report = await one.sync('hr', { force: true })
    expect(await rejected(one.at.project, report)).toEqual([
      '3: not a date such as 2026-11-21',
      '5: not a date such as 2026-11-21',
    ])
  })

  test('42: with a time before the first year are rejected', async () => {
    await using one = await begin('42')
    const report = await one.sync('s', { force: true })
    const keys: (string | null)[] = []
    for await (const { key } of one.at.project.repository.rejectedRows(report.run ?? 0)) keys.push(key)
    expect(keys).toEqual(expect.arrayContaining(['0', '1']))
  })
})

describe('what is no table', () => {
  test.each([
    ['21', 'inv', 'SLUICE-PREPARE-01', /Serial\\u00a0No\./],
    ['23', 'hr', 'SLUICE-PREPARE-40', /is an Excel workbook/],
    ['24c', 'hr', 'SLUICE-PREPARE-41', /its header is line 3/],
    ['54', 'hr', 'SLUICE-PREPARE-42', /Thumbs\.db is in the folder of part files/],
  ])('%s: is told with what it is', async (number, source, code, message) => {
    await using one = await begin(number)
    await expect(one.sync(source)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })
})
