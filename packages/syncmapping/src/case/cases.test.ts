/**
 * The cases under test/cases/syncmapping: what modules and a graph come to, and what is wrong with texts.
 */
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { caseDocument, classModelDocument } from './documents.ts'
import { loadClassModel } from './load-class-model.ts'
import { runCase } from './run-case.ts'

const read = (file: string): unknown => JSON.parse(readFileSync(`test/cases/syncmapping/${file}`, 'utf8'))
const classes = loadClassModel(classModelDocument.parse(read('default-class-model.json')))
const cases = globSync('test/cases/syncmapping/*.json')
  .map((path) => basename(path))
  .filter((name) => /\d\.json$/.test(name))
  .sort()
  .map((name) => ({ name, one: caseDocument.parse(read(name)) }))

describe('the cases', () => {
  test('are found', () => {
    expect(cases.length).toBeGreaterThan(30)
  })

  test.each(cases)('$name: $one.title', ({ one }) => {
    expect(runCase(one, classes)).toEqual({ missing: [], surplus: [] })
  })

  test('would show what is missing and what is too much', () => {
    const given = cases.find(({ name }) => name === '04.json')
    const one = caseDocument.parse({ ...given?.one, expect: { cis: [{ class: 'X', key: '1' }], rels: [] } })
    expect(runCase(one, classes)).toEqual({
      missing: ['ci {"class":"X","key":"1"}'],
      surplus: [
        'ci {"class":"BMC_SoftwareServer","key":"S1"}',
        'ci {"class":"BMC_SoftwareServer","key":"S3"}',
      ],
    })
  })
})
