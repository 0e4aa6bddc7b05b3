/**
 * Reads a case: the fenced blocks of its Markdown file, in order; all else is explanation.
 *
 * @module
 */
import { type CaseConfig, caseConfigSchema } from './case-config.ts'
import { type Command, readCommand, readStatement, type Statement } from './read-line.ts'

/** What a block does. `text` is CSV, without the empty lines at its end. */
export type Step = { readonly block: string } & (
  | { readonly kind: 'source'; readonly table: string; readonly text: string }
  | { readonly kind: 'database'; readonly entityType: string; readonly text: string }
  | { readonly kind: 'previous'; readonly mapping: string; readonly text: string }
  | { readonly kind: 'run'; readonly commands: readonly Command[] }
  | { readonly kind: 'expect-file'; readonly file: string; readonly text: string }
  | { readonly kind: 'expect-previous'; readonly mapping: string; readonly text: string }
  | { readonly kind: 'expect-database'; readonly entityType: string; readonly text: string }
  | { readonly kind: 'expect-links'; readonly association: string; readonly text: string }
  | { readonly kind: 'expect'; readonly statements: readonly Statement[] }
)

export interface Case {
  readonly config: CaseConfig
  readonly steps: readonly Step[]
}

/** The file is not a case as the suite's README describes it. */
export class CaseFormatError extends Error {
  readonly block: string

  constructor(block: string, message: string) {
    super(message)
    this.block = block
  }
}

interface Block {
  /** What follows the opening fence. */
  readonly info: string
  readonly text: string
  /** For messages: info and line. */
  readonly name: string
}

export function readCase(text: string): Case {
  const [first, ...others] = blocksOf(text)
  if (first?.info !== 'config') throw new CaseFormatError('config', 'The first block is not `config`.')
  const steps = others.map(stepOf)
  if (!steps.some(({ kind }) => kind.startsWith('expect'))) {
    throw new CaseFormatError('expect', 'The case expects nothing.')
  }
  return { config: readConfig(first), steps }
}

/** Blocks whose fence says something else (`text`, `json`, nothing) are explanation. */
const blockWords = ['config', 'csv', 'run', 'expect']

function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = []
  const lines = text.split(/\r?\n/)
  for (let at = 0; at < lines.length; at += 1) {
    const [, fence, rest = ''] = /^(`{3,})\s*(.*)$/.exec(lines[at] ?? '') ?? []
    if (fence === undefined) continue
    const info = rest.trim()
    const name = `${info} (line ${at + 1})`
    const end = lines.findIndex((line, index) => index > at && line.trimEnd() === fence)
    if (end === -1) throw new CaseFormatError(name, 'The block is not closed.')
    const content = lines.slice(at + 1, end).join('\n')
    if (blockWords.includes(info.split(' ')[0] ?? '')) blocks.push({ info, text: content, name })
    at = end
  }
  return blocks
}

function readConfig({ name, text }: Block): CaseConfig {
  try {
    return caseConfigSchema.parse(JSON.parse(text))
  } catch (error) {
    throw new CaseFormatError(name, error instanceof Error ? error.message : String(error))
  }
}

function stepOf({ info, name: block, text }: Block): Step {
  const csv = text.replace(/\n+$/, '')
  const [, words = info, name = ''] = /^(csv (?:expect )?\S+) +(.*)$/.exec(info) ?? []
  switch (words) {
    case 'run':
      return { block, kind: 'run', commands: linesOf(text).map((line) => readOr(block, line, readCommand)) }
    case 'expect':
      return {
        block,
        kind: 'expect',
        statements: linesOf(text).map((line) => readOr(block, line, readStatement)),
      }
    case 'csv source':
      return { block, kind: 'source', table: name, text: csv }
    case 'csv db':
      return { block, kind: 'database', entityType: name, text: csv }
    case 'csv previous':
      return { block, kind: 'previous', mapping: name, text: csv }
    case 'csv expect file':
      return { block, kind: 'expect-file', file: name, text: csv }
    case 'csv expect previous':
      return { block, kind: 'expect-previous', mapping: name, text: csv }
    case 'csv expect db':
      return { block, kind: 'expect-database', entityType: name, text: csv }
    case 'csv expect links':
      return { block, kind: 'expect-links', association: name, text: csv }
    default:
      throw new CaseFormatError(block, 'No block is called so.')
  }
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '')
}

function readOr<T>(block: string, line: string, read: (line: string) => T | undefined): T {
  const found = read(line)
  if (found === undefined) throw new CaseFormatError(block, `This line says nothing known: ${line}`)
  return found
}
