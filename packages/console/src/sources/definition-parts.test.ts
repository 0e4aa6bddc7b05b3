import { expect, test } from 'vitest'
import { partsOf } from './definition-parts.ts'

test('a definition is looked at in parts, of which none is left out', () => {
  const { general, schedule, mappings } = partsOf({
    folder: 'hr',
    mode: 'auto',
    precedence: 20,
    entities: {
      Person: {
        file: 'people.csv',
        key: 'number',
        delete: 'delete',
        reconciliation: { rules: [['number']], onZero: 'create' },
        thresholds: { deleted: { percent: 10, atLeast: 10 } },
        properties: {
          name: 'displayName',
          manager: { column: 'boss', by: 'number', policy: 'master_locked', update: false, trim: true },
        },
      },
    },
    associations: { Member: { file: 'm.csv', thresholds: 'off' } },
  })
  expect(general).toEqual([['precedence', '20']])
  expect(schedule).toEqual([
    ['folder', 'hr'],
    ['mode', 'auto'],
  ])
  expect(mappings).toEqual([
    {
      name: 'Person',
      kind: 'entity',
      general: [
        ['file', 'people.csv'],
        ['key', 'number'],
      ],
      reconciliation: [
        ['rules', '[["number"]]'],
        ['onZero', 'create'],
      ],
      deletion: [['delete', 'delete']],
      thresholds: [['deleted', '10 %, from 10 rows']],
      attributes: [
        { property: 'name', column: 'displayName', policy: '', update: undefined, by: '', more: '' },
        {
          property: 'manager',
          column: 'boss',
          policy: 'master_locked',
          update: false,
          by: 'number',
          more: 'trim: true',
        },
      ],
    },
    {
      name: 'Member',
      kind: 'link',
      general: [['file', 'm.csv']],
      reconciliation: [],
      deletion: [],
      thresholds: [['thresholds', 'off']],
      attributes: [],
    },
  ])
})
