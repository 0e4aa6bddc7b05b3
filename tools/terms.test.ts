/**
 * docs/terms.md tells the truth: what it names is there, and words that are no names of ours are none.
 */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const files = globSync(['packages/*/{src,test}/**/*.{ts,sql}', 'test/**/*.ts', 'tools/**/*.ts']).filter(
  (path) => !path.startsWith('test/cases/') && !path.endsWith('terms.test.ts'),
)
const sources = files.map((path) => ({ path, text: readFileSync(path, 'utf8') }))

const rows = readFileSync('docs/terms.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
  .map((line) => line.split('|').map((cell) => cell.trim()))

/** What stands in backticks, but for patterns. */
function namesIn(cell: string | undefined): readonly string[] {
  const quoted = [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
  return quoted.filter((name) => !/[*…<]/.test(name)).map((name) => name.replace(/[/:]$/, ''))
}

describe('docs/terms.md', () => {
  test('names only what there is', () => {
    const named = rows.filter((cells) => cells.length > 5).flatMap((cells) => namesIn(cells[3]))
    expect(named.length).toBeGreaterThan(100)
    const isThere = (name: string) =>
      existsSync(name) ||
      sources.some(({ path, text }) => path.includes(name) || text.includes(name.replace(/^\w+\./, '')))
    expect(named.filter((name) => !isThere(name))).toEqual([])
  })

  test('is followed where it wants a word to be no name', () => {
    const banned = rows
      .filter(([, , only]) => only?.startsWith('nowhere, as a name'))
      .flatMap(([, words = '']) => words.split(', '))
    expect(banned).toContain('told')
    const declared = new RegExp(
      `\\b(?:const|let|function|class|interface|type) (?:${banned.join('|')})\\b`,
      'gi',
    )
    const found = sources.flatMap(({ path, text }) =>
      [...text.matchAll(declared)].map(([name]) => `${path}: ${name}`),
    )
    expect(found).toEqual([])
  })
})
