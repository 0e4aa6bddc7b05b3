/**
 * Whatever the cases declare can have another name, and then they come to what they came to before.
 */
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import {
  type CaseDocument,
  caseDocument,
  classModelDocument,
  LanguageServer,
  loadClassModel,
  type RenameAnswer,
  runCase,
} from '../src/index.ts'

const folder = 'test/cases/syncmapping'
const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'))
const classes = loadClassModel(classModelDocument.parse(read('default-class-model.json')))
const cases = globSync('[0-9]*.json', { cwd: folder }).map((file) => basename(file))

type GraphCase = Omit<Extract<CaseDocument, { modules: unknown }>, 'modules'> & { modules: readonly string[] }
type Changes = Extract<RenameAnswer, { type: 'renamed' }>['changes']

const uriOf = (index: number) => `file:///${index}.tpl`

/** An answer for each name of a case that can be renamed. */
function* answersIn({ modules }: GraphCase) {
  const server = new LanguageServer(classes)
  for (const [index, text] of modules.entries()) server.store(uriOf(index), text)
  for (const [index, text] of modules.entries()) {
    for (const match of text.matchAll(/\w+/g)) {
      const lines = text.slice(0, match.index).split('\n')
      const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 }
      if (server.renamed(uriOf(index), position) === undefined) continue
      const name = `line ${position.line + 1}: ${match[0]}`
      yield { name, answer: server.rename(uriOf(index), position, 'a_new_name') }
    }
  }
}

function changed(modules: readonly string[], changes: Changes): string[] {
  return modules.map((text, index) => {
    const lines = text.split('\n')
    const edits = [...(changes[uriOf(index)] ?? [])].sort(
      (a, b) => b.range.start.character - a.range.start.character,
    )
    for (const { range, newText } of edits) {
      const line = lines[range.start.line] ?? ''
      const [before, after] = [line.slice(0, range.start.character), line.slice(range.end.character)]
      lines[range.start.line] = before + newText + after
    }
    return lines.join('\n')
  })
}

function outcomeOf(one: GraphCase, changes: Changes) {
  return runCase({ ...one, modules: changed(one.modules, changes) }, classes)
}

let renamed = 0

test.each(cases)('%s', (file) => {
  const parsed = caseDocument.parse(read(file))
  if (!('modules' in parsed) || 'error' in parsed.expect) return
  const one = { ...parsed, modules: parsed.modules.filter((text) => typeof text === 'string') }
  const wrong: string[] = []
  const done = new Map<string, Changes>()
  for (const { name, answer } of answersIn(one)) {
    if (answer.type === 'refused') wrong.push(`${name}: ${answer.reason}`)
    else done.set(JSON.stringify(answer.changes), answer.changes)
    renamed++
  }
  for (const changes of done.values()) {
    const { missing, surplus } = outcomeOf(one, changes)
    if (missing.length + surplus.length > 0) wrong.push(JSON.stringify({ changes, missing, surplus }))
  }
  expect(wrong).toEqual([])
})

test('there was something to rename', () => {
  expect(renamed).toBeGreaterThan(200)
})
