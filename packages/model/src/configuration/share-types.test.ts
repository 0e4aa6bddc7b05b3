import { describe, expect, test } from 'vitest'
import { parseConfiguration } from './parse-configuration.ts'

const warningsOf = (scan: string, hr = '') =>
  parseConfiguration([
    {
      path: 'sluice.yaml',
      text: `entityTypes: {Server: {properties: {name: string}}}
sources:
  scan: {table: true, entities: {Server: {${scan}properties: {name: {}}}}}
${hr}`,
    },
  ]).findings.map(({ severity, message }) => `${severity}: ${message}`)

const cmdb =
  '  cmdb: {table: true, entities: {Server: {reconciliation: {rules: [[name]]}, properties: {name: {}}}}}'

describe('a source that shares a type and does not say how it finds resources', () => {
  test('is warned of when others fill the type', () => {
    expect(warningsOf('', cmdb)).toEqual([
      'warning: Other sources fill "Server", too, but "scan" has no reconciliation: each of its new rows makes a new resource, even if another source already has it.',
    ])
  })

  test('is not when it says that it means it so, or has rules, or is alone', () => {
    expect(warningsOf('reconciliation: {policy: key}, ', cmdb)).toEqual([])
    expect(warningsOf('reconciliation: {rules: [[name]]}, ', cmdb)).toEqual([])
    expect(warningsOf('')).toEqual([])
  })
})

test('a key of which two letters changed places is told from the one that is meant', () => {
  const { findings } = parseConfiguration([
    { path: 'sluice.yaml', text: 'sources: {a: {tabel: true, entities: {}}}' },
  ])
  expect(findings[0]?.remedy).toBe('Did you mean "table"?')
})
