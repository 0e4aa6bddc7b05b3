import { expect, test } from 'vitest'
import { parseConfiguration } from './parse-configuration.ts'

const parsed = (reconciliation: string, { abstract = 'false', more = '' } = {}) =>
  parseConfiguration([
    {
      path: 'sluice.yaml',
      text: `entityTypes:
  Machine: {abstract: ${abstract}, properties: {serial: string}}
  Server: {extends: Machine}
  Blade: {extends: Server}
  Room: {properties: {serial: string}}
sources:
  one:
    table: true
    entities:
      Machine: {reconciliation: ${reconciliation}, properties: {serial: {}}}
${more}`,
    },
  ])
const entityOf = (source: string, ...of: Parameters<typeof parsed>) =>
  parsed(...of).configuration?.sources.get(source)?.entities[0]
const errorsOf = (...of: Parameters<typeof parsed>) =>
  parsed(...of).findings.flatMap(({ severity, message, remedy }) =>
    severity === 'error' ? [`${message} ${remedy}`] : [],
  )

test('a mapping that searches has its whole family in scope, and one that does not its own type', () => {
  expect(entityOf('one', '{rules: [[serial]]}')?.scope).toEqual(['Machine', 'Server', 'Blade'])
  expect(entityOf('one', '{policy: resource_id}')?.scope).toEqual(['Machine', 'Server', 'Blade'])
  expect(entityOf('one', '{policy: key}')?.scope).toBeUndefined()
})

test('whoever fills a type in the scope of another shares it', () => {
  const more = '  two: {entities: {Blade: {file: b.csv, key: serial, properties: {serial: s}}}}'
  expect(entityOf('two', '{rules: [[serial]]}', { more })?.federation).toBeDefined()
  expect(entityOf('two', '{policy: key}', { more })?.federation).toBeUndefined()
})

test('an abstract type may be mapped where its rows only find', () => {
  const abstract = 'true'
  expect(errorsOf('{rules: [[serial]], onZero: error}', { abstract })).toEqual([])
  expect(entityOf('one', '{rules: [[serial]], onZero: error}', { abstract })?.scope).toEqual([
    'Server',
    'Blade',
  ])
  expect(errorsOf('{rules: [[serial]], onMultiple: create}', { abstract })).toEqual([
    '"Machine" is abstract and has no resources of its own: "onZero: create" cannot be carried out. Write "onZero: error", or map a type that extends it.',
    '"Machine" is abstract and has no resources of its own: "onMultiple: create" cannot be carried out. Write "onMultiple: error", or map a type that extends it.',
  ])
  expect(errorsOf('{policy: key}', { abstract })).toEqual([
    '"Machine" is abstract and has no resources of its own. Map a type that extends it; or list rules by which rows find resources of those.',
  ])
})

test('a source does not map a type twice, by itself and in the scope of another', () => {
  const more = '      Blade: {reconciliation: {rules: [[serial]]}, properties: {serial: {}}}'
  expect(errorsOf('{rules: [[serial]]}', { more })).toEqual([
    'The rows of "Machine" find resources of "Blade", too. Map one of them in another source.',
  ])
  expect(errorsOf('{policy: key}', { more })).toEqual([])
})
