/**
 * docs/language.md tells the truth: every example comes to what stands below it.
 */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  commonClassModel,
  compile,
  evaluateRoot,
  graphDocument,
  loadGraph,
  nodeOf,
  writeResult,
} from '../src/index.ts'

const page = readFileSync('docs/language.md', 'utf8')
const fences = [...page.matchAll(/^```(\w+) ([^\n]+)\n([\s\S]*?)^```$/gm)].map(
  ([, language = '', info = '', text = '']) => ({
    language,
    info,
    text,
  }),
)
const { graph, nodes } = loadGraph(
  graphDocument.parse(JSON.parse(fences.find(({ info }) => info === 'graph')?.text ?? '')),
)
const texts = new Map(
  fences.flatMap(({ language, info, text }) =>
    language === 'tpl' ? [[info.split(' ')[0] ?? '', text]] : [],
  ),
)

const examples = fences.flatMap(({ language, info }, index) => {
  const [file = '', , before] = info.split(' ')
  const expected = fences[index + 1]
  return language === 'tpl' && expected !== undefined ? [{ file, before, expected }] : []
})

test('docs/language.md has examples', () => {
  expect(examples.length).toBeGreaterThan(5)
})

test.each(examples)('$file comes to what docs/language.md says', ({ file, before, expected }) => {
  const files = [before, file]
    .filter((name) => name !== undefined)
    .map((name) => ({ file: name, text: texts.get(name) ?? '' }))
  const { program, diagnostics } = compile(files)
  const lines = diagnostics.map(({ at, severity, code }) => `${at.line}:${at.column} ${severity} ${code}`)
  if (expected.info === 'diagnostics') {
    expect(lines).toEqual(expected.text.trim().split('\n'))
    return
  }
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const surroundings = { graph, classes: commonClassModel, dataModel: 6, dataset: { has: () => false } }
  const result = writeResult(evaluateRoot(program, nodeOf(nodes, 'web01'), surroundings))
  expect(result).toEqual(JSON.parse(expected.text))
})
