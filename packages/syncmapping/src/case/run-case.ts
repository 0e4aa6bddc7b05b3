/**
 * One case: whether modules and a graph come to what is expected, or a text to the error that is expected.
 *
 * @module
 */

import type { ClassModel } from '../class-model.ts'
import { commonClassModel } from '../common-classes.ts'
import { compile, type ModuleText } from '../compile.ts'
import { evaluateRoot } from '../evaluate/evaluate-root.ts'
import type { CaseDocument, ResultDocument } from './documents.ts'
import { isSame } from './is-same.ts'
import { loadClassModel } from './load-class-model.ts'
import { loadGraph, nodeOf } from './load-graph.ts'
import { writeResult } from './write-result.ts'

/** What was expected and did not come, and what came and was not expected; both empty: the case holds. */
export interface CaseOutcome {
  readonly missing: readonly string[]
  readonly surplus: readonly string[]
}

/**
 * @param classes For cases that have no class model of their own.
 * @param files Modules of the files that the case names.
 */
export function runCase(
  one: CaseDocument,
  classes: ClassModel = commonClassModel,
  files: ReadonlyMap<string, readonly ModuleText[]> = new Map(),
): CaseOutcome {
  return 'text' in one ? runText(one, classes) : runGraph(one, modulesOf(one, files), classes)
}

function modulesOf(
  { modules }: GraphCase,
  files: ReadonlyMap<string, readonly ModuleText[]>,
): readonly ModuleText[] {
  return modules.flatMap((one, index) =>
    typeof one === 'string' ? { file: `module ${index + 1}`, text: one } : (files.get(one.file) ?? []),
  )
}

type GraphCase = Extract<CaseDocument, { modules: unknown }>

function runText(one: Extract<CaseDocument, { text: string }>, classes: ClassModel): CaseOutcome {
  const { diagnostics } = compile([{ file: 'text', text: one.text }], classes)
  const first = diagnostics.find(({ severity }) => severity === 'error')
  const wanted = `${one.code} at ${one.line}:${one.column}`
  const found = first === undefined ? 'no error' : `${first.code} at ${first.at.line}:${first.at.column}`
  return found === wanted ? holds : { missing: [wanted], surplus: [found] }
}

const holds: CaseOutcome = { missing: [], surplus: [] }

function runGraph(one: GraphCase, modules: readonly ModuleText[], classes: ClassModel): CaseOutcome {
  const model = one.cdm ? loadClassModel(one.cdm) : classes
  const { program, diagnostics } = compile(modules, model)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) {
    const found = errors.map(
      ({ file, at, code, message }) => `${file}:${at.line}:${at.column} ${code} ${message}`,
    )
    return { missing: [], surplus: found }
  }
  const { graph, nodes } = loadGraph(one.graph)
  const external = new Set(one.external)
  const dataset = { has: ({ key }: { readonly key: string }) => external.has(key) }
  const surroundings = { graph, dataset, classes: model, dataModel: one.dm }
  return compareResults(one.expect, writeResult(evaluateRoot(program, nodeOf(nodes, one.root), surroundings)))
}

/** The order of CIs and of relationships says nothing; that of the log does, where one is expected. */
function compareResults(expected: ResultDocument, found: ResultDocument): CaseOutcome {
  const [wanted, given] = [partsOf(expected), partsOf(found)]
  const isLogged = 'log' in expected && expected.log !== undefined
  const missing = without(wanted, given)
  const surplus = without(given, wanted).filter(({ part }) => isLogged || part !== 'log')
  return { missing: missing.map(print), surplus: surplus.map(print) }
}

interface Part {
  readonly part: string
  readonly value: unknown
}

function partsOf(result: ResultDocument): readonly Part[] {
  if ('error' in result) return [{ part: 'error', value: result.error }]
  return [
    ...(result.delete ?? []).map((value) => ({ part: 'delete', value })),
    ...result.cis.map((value) => ({ part: 'ci', value })),
    ...result.rels.map((value) => ({ part: 'rel', value })),
    ...(result.log === undefined ? [] : [{ part: 'log', value: result.log }]),
  ]
}

/** Each of the second takes away one of the first. */
function without(parts: readonly Part[], others: readonly Part[]): readonly Part[] {
  const left = [...others]
  return parts.filter((part) => {
    const index = left.findIndex((other) => isSame(part, other))
    if (index >= 0) left.splice(index, 1)
    return index < 0
  })
}

function print({ part, value }: Part): string {
  return `${part} ${JSON.stringify(value)}`
}
