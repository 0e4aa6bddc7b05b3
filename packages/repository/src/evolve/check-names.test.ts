import { parseConfiguration, storedModelOf } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { checkNames } from './check-names.ts'

const plain = { name: 'p', type: 'string', required: false } as const

/** Whether the engine takes a model in which a property of an entity type, or of an association, has the name. */
function engineTakes(of: 'entity type' | 'association', name: string): boolean {
  const own = [{ ...plain, name }]
  const ends = { from: 'A', to: 'A', cardinality: 'many-to-many' } as const
  const type = { name: 'A', abstract: false, properties: of === 'entity type' ? own : [plain] }
  const link = { name: 'L', ...ends, properties: of === 'association' ? own : [] }
  const model = {
    entityTypes: new Map([['A', type]]),
    associations: new Map([['L', link]]),
    sources: new Map<string, never>(),
  }
  return checkNames(model).length === 0
}

/** Whether `sluice check` does. */
function checkTakes(of: 'entity type' | 'association', name: string): boolean {
  const [entity, link] = of === 'entity type' ? [name, 'p'] : ['p', name]
  const text = `
entityTypes: {A: {properties: {${entity}: string}}}
associations: {L: {from: A, to: A, properties: {${link}: string}}}`
  const { configuration, findings } = parseConfiguration([{ path: 'sluice.yaml', text }])
  if (configuration !== undefined) expect(checkNames(storedModelOf(configuration))).toEqual([])
  return findings.every(({ severity }) => severity !== 'error')
}

const names = [
  'ctid',
  'cmin',
  'cmax',
  'xmin',
  'xmax',
  'tableoid',
  'resourceId',
  'entityType',
  'EntityType',
].concat(['sourceId', 'fromId', 'toId', 'sourceId2', 'createdRun', 'changedRun', 'key', 'digest', 'replica'])

describe.each(['entity type', 'association'] as const)('a property of an %s', (of) => {
  test.each(names)(
    'called %s is taken by the engine where the check takes it, and refused by both else',
    (name) => {
      expect(checkTakes(of, name)).toBe(engineTakes(of, name))
    },
  )
})
