import { describe, expect, test } from 'vitest'
import { parseConfiguration } from './parse-configuration.ts'
import { storedModelOf } from './stored-model.ts'

const parsed = (rules: string, more = '') =>
  parseConfiguration([
    {
      path: 'sluice.yaml',
      text: `entityTypes: {Server: {properties: {serial: string, host: string, units: integer, doc: file}}}
sources:
  scan:
    table: true
    entities:
      Server: {reconciliation: {rules: ${rules}}, properties: {serial: {}, host: {}, units: {}, doc: {}}}
${more}`,
    },
  ])
const rulesOf = (rules: string, more?: string) =>
  parsed(rules, more).configuration?.sources.get('scan')?.entities[0]?.federation?.reconciliation.rules
const findingsOf = (rules: string, more?: string) =>
  parsed(rules, more).findings.map(({ line, column, message }) => `${line}:${column} ${message}`)

describe('a rule', () => {
  test('names properties, and what of their values does not count, in whatever order', () => {
    expect(
      rulesOf(
        '[[{property: serial, normalize: [worthless, serial]}], [units, {property: host, normalize: host}]]',
      ),
    ).toEqual([
      [{ property: 'serial', normalize: ['serial', 'worthless'], worthless: [] }],
      [
        { property: 'units', normalize: [], worthless: [] },
        { property: 'host', normalize: ['host'], worthless: [] },
      ],
    ])
  })

  test('takes the values for worthless that the project adds', () => {
    const more = 'worthlessValues: [TBD, "4711"]'
    expect(rulesOf('[[{property: serial, normalize: worthless}, host]]', more)).toEqual([
      [
        { property: 'serial', normalize: ['worthless'], worthless: ['TBD', '4711'] },
        { property: 'host', normalize: [], worthless: [] },
      ],
    ])
    expect(findingsOf('[[serial]]', 'worthlessValues: [4711]')).toEqual([
      '7:19 "worthlessValues" (item 1) must be a text, in quotes where it looks like a number, not "4711".',
    ])
  })

  test('refuses normalizers that there are not, none, and those of what is no text', () => {
    const [upper] = parsed('[[{property: serial, normalize: upper}]]').findings
    expect(upper).toMatchObject({ line: 6, column: 72, message: '"normalize" cannot be "upper".' })
    expect(upper?.remedy).toContain('worthless')
    expect(findingsOf('[[{property: serial, normalize: []}]]')[0]).toContain('6:')
    expect(findingsOf('[[serial, {property: units, normalize: blanks}]]')).toEqual([
      '6:50 "units" is of type integer, but normalizers are only for texts.',
    ])
    expect(findingsOf('[[{property: doc, normalize: blanks}]]')).toEqual([
      '6:42 "doc" is a file, which cannot be used to find resources.',
    ])
    expect(findingsOf('[[{property: serail, normalize: blanks}]]')).toEqual([
      '6:42 "serail" is not among the mapped properties.',
    ])
  })

  test('has the repository remember what stored resources are compared by, and nothing where that is their values', () => {
    const searched = (rules: string) => {
      const { configuration } = parsed(rules)
      return configuration && storedModelOf(configuration).sources.get('scan')?.entities[0]?.searched
    }
    expect(searched('[[serial]]')).toBeUndefined()
    expect(searched('[[{property: serial, normalize: worthless}]]')).toBeUndefined()
    expect(
      searched(
        '[[{property: serial, normalize: [case, worthless]}], [host, {property: serial, normalize: case}]]',
      ),
    ).toEqual([{ property: 'serial', normalize: ['case'] }])
  })
})
