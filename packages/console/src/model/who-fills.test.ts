import { expect, test } from 'vitest'
import { whoFills } from './who-fills.ts'

test('a property is filled by the sources that map it, the highest precedence first', () => {
  const entity = (entityType: string, properties: object, scope?: string[]) => ({
    entityType,
    key: 'id',
    ...(scope === undefined ? {} : { scope }),
    properties: [{ name: 'name', ...properties }],
  })
  const filled = whoFills(
    [
      { name: 'ad', entities: [entity('Person', { policy: 'master_unlocked' })] },
      { name: 'hr', entities: [entity('Person', { precedence: 20 }), entity('Group', {})] },
      { name: 'cmdb', entities: [entity('Being', {}, ['Person'])] },
    ],
    'Person',
  )
  expect(filled.get('name')).toEqual([
    { source: 'hr', policy: 'master_locked', precedence: 20 },
    { source: 'ad', policy: 'master_unlocked', precedence: 0 },
    { source: 'cmdb', policy: 'master_locked', precedence: 0 },
  ])
  expect(filled.get('mail')).toBeUndefined()
})
