/**
 * What can be written at a place.
 *
 * @module
 */
import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver-types'
import { checkingOf } from '../check/check-mapping.ts'
import { type Checking, type Here, meaningOf, namesAt } from '../check/checking.ts'
import { attributesOf } from '../class-model.ts'
import { functions } from '../functions/functions.ts'
import { signatures } from '../functions/signatures.ts'
import { kindOf } from '../link/node-kind.ts'
import { allScopes, inForce, type Named, readableNames } from '../link/program.ts'
import type { Analysis } from './analysis.ts'
import type { Block, Cursor } from './cursor.ts'
import { blockWords, endsOf, expressionWords, statementWords } from './keywords.ts'
import { joined } from './seen-names.ts'

interface Analyses {
  /** Of modules of which this one lacks what is unfinished at the cursor. */
  readonly now: Analysis
  /** Of modules as they were when they could be read last. */
  readonly whole: Analysis
}

export function completionsAt(
  cursor: Cursor,
  file: string,
  { now, whole }: Analyses,
): readonly CompletionItem[] {
  const at = bodyAt(cursor.blocks, file, now) ?? bodyAt(cursor.blocks, file, whole)
  const analysis = { ...now, seen: joined(now.seen, whole.seen) }
  const { place, blocks } = cursor
  switch (place.type) {
    case 'nothing':
      return []
    case 'class':
      return classes(analysis)
    case 'kind':
      return items(kinds(analysis), CompletionItemKind.Interface, 'kind of node')
    case 'role':
      return items(analysis.seen.roles, CompletionItemKind.EnumMember, 'role')
    case 'relationship':
      return items(analysis.seen.relationships, CompletionItemKind.Event, 'relationship')
    case 'end':
      return endsOf(blocks).map((word) => ({ label: `${word};`, kind: CompletionItemKind.Keyword }))
    case 'entry':
      return keywords(blockWords(blocks))
    case 'member':
      return membersOf(place.path, at, analysis)
    case 'loop':
      return at === undefined
        ? []
        : items(at.here.scope.loops.keys(), CompletionItemKind.Variable, 'traversal')
    case 'group':
      return at === undefined ? [] : items(at.here.scope.groups.keys(), CompletionItemKind.Variable, 'group')
    case 'name':
      return variables(at)
    case 'argument':
      return [...parameters(place.path, analysis), ...values(at)]
    case 'statement':
      return [
        ...keywords([...statementWords, ...endsOf(blocks).map((word) => `end ${word};`)]),
        ...values(at),
      ]
    case 'expression':
      return [...keywords(expressionWords), ...values(at)]
  }
}

interface Body {
  readonly here: Here
  readonly checking: Checking
}

/** `undefined`: the place is in no body, or in one whose mapping could not be read. */
function bodyAt(blocks: readonly Block[], file: string, { program, rules }: Analysis): Body | undefined {
  const name = blocks.find(({ word }) => word === 'syncmapping')?.name
  const mapping = program.mappings.find(
    ({ tree, module }) => module.tree.file === file && tree.name.text === name,
  )
  if (mapping === undefined) return undefined
  const checking = checkingOf(
    mapping,
    rules,
    () => undefined,
    () => undefined,
  )
  let { scope } = mapping
  for (const block of blocks) {
    const wanted = block.name ?? ''
    const inner = block.isForEach
      ? scope.loops.get(wanted)
      : block.word === 'group' && scope.groups.get(wanted)
    if (inner) scope = inner
  }
  return { here: { scope, loopVariables: new Set(), isInLoop: false }, checking }
}

function items(
  labels: Iterable<string>,
  kind: CompletionItemKind,
  detail?: string,
): readonly CompletionItem[] {
  return [...new Set(labels)]
    .sort()
    .map((label) => ({ label, kind, ...(detail === undefined ? {} : { detail }) }))
}

function keywords(words: readonly string[]): readonly CompletionItem[] {
  return items(words, CompletionItemKind.Keyword)
}

function classes({ rules: { classes: model }, seen }: Analysis): readonly CompletionItem[] {
  const known = [...model.classes].flatMap(([name, one]) =>
    one.super === undefined ? [name] : [name, one.super],
  )
  return items([...known, ...seen.classes.keys()], CompletionItemKind.Class, 'class')
}

function kinds({ rules, seen }: Analysis): readonly string[] {
  return [...(rules.kinds?.kinds.keys() ?? []), ...seen.kinds.keys()]
}

function relationshipClasses({ rules: { classes: model }, seen }: Analysis): readonly CompletionItem[] {
  const known = [...(model.relationships?.keys() ?? []), ...seen.relationshipClasses]
  return items(known, CompletionItemKind.Class, 'relationship class')
}

/** Those of the class model, or where it has all, those that are set somewhere. */
function attributes(
  className: string,
  { rules: { classes: model }, seen }: Analysis,
): readonly CompletionItem[] {
  const known = attributesOf(model, className) ?? new Set()
  const names = known.size > 0 ? known : (seen.classes.get(className) ?? [])
  return items(names, CompletionItemKind.Property, `attribute of ${className}`)
}

const referring = new Set(['shared', 'external', 'crossref'])

function membersOf(
  path: readonly string[],
  at: Body | undefined,
  analysis: Analysis,
): readonly CompletionItem[] {
  const [first = '', second] = path
  if (first === 'sync') {
    if (second === 'rel') return relationshipClasses(analysis)
    if (second !== undefined) return referring.has(second) ? classes(analysis) : []
    return [...keywords([...referring, 'rel']), ...classes(analysis)]
  }
  const prefix = `${path.join('.')}.`
  const called = [...functions.keys()].filter((name) => name.startsWith(prefix))
  const ofFunctions = called.map((name) => functionItem(name, name.slice(prefix.length)))
  return second === undefined && at !== undefined
    ? [...ofFunctions, ...ofName(first, at, analysis)]
    : ofFunctions
}

function functionItem(name: string, label: string): CompletionItem {
  const signature = signatures.get(name)
  const described = signature && { detail: `${name}${signature.call}`, documentation: signature.says }
  return { label, kind: CompletionItemKind.Function, ...described }
}

function ofName(name: string, { here, checking }: Body, analysis: Analysis): readonly CompletionItem[] {
  const meaning = meaningOf(name, here, checking)
  if (meaning.type === 'target') return attributes(meaning.className, analysis)
  if (meaning.type === 'named') return ofNamed(meaning.named)
  if (meaning.type === 'local') {
    const handle = checking.handles.get(name)
    return handle === undefined ? [] : attributes(handle.className, analysis)
  }
  if (meaning.type !== 'variable' || meaning.declared !== meaning.scope.name) return []
  const kind = kindOf(meaning.scope, checking.mapping)
  if (kind === undefined) return []
  // Where it is known which there are, those that are merely written somewhere are misspelt, if not just being typed.
  const names = analysis.rules.kinds?.kinds.get(kind)?.attributes ?? analysis.seen.kinds.get(kind) ?? []
  return items(names, CompletionItemKind.Field, `attribute of ${kind}`)
}

function ofNamed(named: Named): readonly CompletionItem[] {
  if (named.type === 'mapping') {
    const mapping = inForce(named.mapping)
    const targets = new Set(allScopes(mapping.scope).flatMap((scope) => [...scope.targets.keys()]))
    return readableNames(mapping).map((label) => ({
      label,
      kind: CompletionItemKind.Variable,
      detail: targets.has(label) ? 'target' : 'source',
    }))
  }
  if (named.type !== 'configuration') return []
  return items(
    named.configuration.settings.map(({ name }) => name.text),
    CompletionItemKind.Property,
    'setting',
  )
}

/** Names of what a call takes. */
function parameters(path: readonly string[], analysis: Analysis): readonly CompletionItem[] {
  const [first, second = '', third = ''] = path
  const named = (names: Iterable<string>, detail?: string) =>
    items(names, CompletionItemKind.Property, detail).map((item) => ({
      ...item,
      insertText: `${item.label} := `,
    }))
  if (first !== 'sync') {
    const known = functions.get(path.join('.'))?.named
    return known === undefined || known === 'any' ? [] : named(known, 'argument')
  }
  if (second === 'rel')
    return named(['Source', 'Destination', 'Impacted', 'ImpactWeight', 'Name', 'key'], 'of a relationship')
  const own = referring.has(second) ? [] : attributes(second, analysis).map(({ label }) => label)
  const shared = second === 'shared' ? attributes(third, analysis).map(({ label }) => label) : []
  return named(['key', 'namespace', ...own, ...shared], `of ${referring.has(second) ? third : second}`)
}

function variables(at: Body | undefined): readonly CompletionItem[] {
  if (at === undefined) return []
  return [...new Set(namesAt(at.here, at.checking))].map((label) => variable(label, at))
}

function variable(label: string, { here, checking }: Body): CompletionItem {
  const meaning = meaningOf(label, here, checking)
  switch (meaning.type) {
    case 'target':
      return { label, kind: CompletionItemKind.Struct, detail: `target → ${meaning.className}` }
    case 'variable': {
      const kind = kindOf(meaning.scope, checking.mapping)
      return {
        label,
        kind: CompletionItemKind.Variable,
        detail: kind === undefined ? 'source' : `node of kind ${kind}`,
      }
    }
    case 'constant':
      return { label, kind: CompletionItemKind.Constant, detail: 'constant' }
    case 'named':
      return { label, kind: CompletionItemKind.Module, detail: meaning.named.type }
    default:
      return { label, kind: CompletionItemKind.Variable, detail: 'variable' }
  }
}

/** Whatever a value can begin with. */
function values(at: Body | undefined): readonly CompletionItem[] {
  const spaces = new Set(
    [...functions.keys()].filter((name) => name.includes('.')).map((name) => name.split('.', 1)[0] ?? ''),
  )
  const plain = [...functions.keys()].filter((name) => !name.includes('.'))
  return [
    ...variables(at),
    ...items([...spaces, 'sync'], CompletionItemKind.Module, 'functions'),
    ...plain.map((name) => functionItem(name, name)),
  ]
}
