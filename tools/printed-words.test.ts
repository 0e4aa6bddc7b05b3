/**
 * Sentences that people read use no words of ours: docs/terms.md lists those that are not said, and what is said in their place.
 */
import { globSync, readFileSync } from 'node:fs'
import { parseSync, Visitor } from 'vite'
import { expect, test } from 'vitest'
import { declaredCodes } from './errors-page.ts'

interface Sentence {
  readonly place: string
  readonly text: string
}

/** Texts with several words in the sources, but for SQL and names of statements. */
function sentencesOf(path: string): readonly Sentence[] {
  const source = readFileSync(path, 'utf8')
  const found: Sentence[] = []
  const add = (text: string, start: number) => {
    const line = source.slice(0, start).split('\n').length
    if (/[a-z] [a-z]/i.test(text) && !/^[a-z]+\/[a-z-]+ /.test(text))
      found.push({ place: `${path}:${line}`, text })
  }
  const visitor = new Visitor({
    Literal: ({ value, start }) => {
      if (typeof value === 'string') add(value, start)
    },
    TemplateLiteral: ({ quasis, start }) =>
      add(quasis.map(({ value }) => value.cooked ?? '').join('…'), start),
  })
  visitor.visit(parseSync(path, source).program)
  return found
}

const sources = globSync('packages/*/src/**/*.ts').filter((path) => !path.endsWith('.test.ts'))
const sentences: readonly Sentence[] = [
  ...sources.flatMap(sentencesOf),
  ...globSync('packages/cli/src/help/*.md').map((path) => ({
    place: path,
    text: readFileSync(path, 'utf8'),
  })),
  ...declaredCodes().map(({ code, text = '' }) => ({ place: code, text })),
]

const refused = (readFileSync('docs/terms.md', 'utf8').split('## Words of messages')[1] ?? '')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:---|not in a message)/.test(line))
  .flatMap((line) => line.split('|')[1]?.split(',') ?? [])
  .map((words) => words.trim())

test('are collected from everything that is printed', () => {
  expect(sentences.length).toBeGreaterThan(4000)
  expect(refused).toContain('let go')
})

test('are free of words that only we understand', () => {
  const pattern = new RegExp(`(?<![\\w-])(?:${refused.join('|')})(?![\\w-])`, 'i')
  const found = sentences.flatMap(({ place, text }) => {
    const [word] = pattern.exec(text) ?? []
    return word === undefined ? [] : [`${place}: "${word}" in ${text.slice(0, 120)}`]
  })
  expect(found).toEqual([])
})
