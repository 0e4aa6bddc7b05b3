import { expect, test } from 'vitest'
import { findingCodes, formatFinding } from './finding.ts'
import { parseConfiguration } from './parse-configuration.ts'

function findingsOf(dept: string, person: string, value = 'name') {
  const text = `
entityTypes:
  Dept: {properties: {code: string}}
  Person: {properties: {id: string, name: string}}
sources:
  hr:
    entities:
      Dept: {file: ./f.csv, key: code, ${dept}properties: {code: dept}}
      Person: {file: f.csv, key: id, ${person}properties: {id: id, name: ${value}}}`
  const { findings } = parseConfiguration([{ path: 'sluice.yaml', text }])
  expect(findings.every(({ code }) => code === findingCodes.mapping)).toBe(true)
  return findings.map(formatFinding)
}

test('the rows of a file are of one mapping', () => {
  expect(findingsOf('commands: true, ', '')).toEqual([])
  expect(findingsOf('commands: true, ', 'commands: false, ')).toEqual([])
  expect(findingsOf('commands: true, ', 'commands: true, ')).toEqual([
    'sluice.yaml:9:48: error: The commands of f.csv cannot act on Person as well as on Dept: a row can belong to only one of them. Keep `commands` only in the mapping whose key is in each row.',
  ])
})

test('a column that is mapped cannot hold commands, whatever it is called', () => {
  expect(findingsOf('', '', 'Command')).toEqual([])
  expect(findingsOf('', 'commands: {column: Action}, ', 'Command')).toEqual([])
  expect(findingsOf('', 'commands: {column: Action}, ', 'action')).toEqual([
    'sluice.yaml:9:48: error: The column "action" of f.csv is mapped, and so it cannot hold commands. Do not map it, or leave out `commands`.',
  ])
  expect(findingsOf('', 'commands: true, ', 'Command')).toEqual([
    'sluice.yaml:9:48: error: The column "Command" of f.csv is mapped, and so it cannot hold commands. Do not map it, or leave out `commands`.',
  ])
})
