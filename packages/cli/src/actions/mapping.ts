/**
 * `sluice mapping check`, `run`, `test` and `format`: syncmappings by themselves, without a repository.
 *
 * @module
 */

import { writeFile } from 'node:fs/promises'
import { printable } from '@sluice/model'
import {
  type ClassModel,
  compile,
  evaluateRoot,
  formatModule,
  hasErrors,
  loadGraph,
  nodeOf,
  type RootResult,
  runCase,
  type TraceStep,
  writeResult,
} from '@sluice/syncmapping'
import type { Context, GlobalOptions } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { formatPlace } from '../output/place.ts'
import { formatNumberOf } from '../output/quantities.ts'
import { plainDiagnostic, printDiagnostics, printErrors } from './mapping-diagnostics.ts'
import {
  type CaseFile,
  caseFiles,
  moduleFiles,
  type RuleFlags,
  readGraph,
  readRules,
} from './mapping-files.ts'

export interface CheckFlags extends RuleFlags {
  readonly graph?: string
  readonly json?: boolean
}

export async function check(
  context: Context,
  paths: readonly string[],
  flags: CheckFlags,
): Promise<ExitStatus> {
  const files = await moduleFiles(context, paths)
  const graph = flags.graph === undefined ? undefined : await readGraph(context, flags.graph)
  const rules = await readRules(context, flags, graph)
  const { diagnostics } = compile(files, rules.classes, rules)
  if (flags.json === true)
    await context.out.line(JSON.stringify(diagnostics.map(plainDiagnostic), undefined, 2))
  else await printDiagnostics(context, diagnostics, files.length)
  return hasErrors(diagnostics) ? exitStatus.failed : exitStatus.done
}

export interface RunFlags extends CheckFlags {
  readonly graph: string
  readonly root: string
  readonly dm: number
  readonly external?: readonly string[]
  readonly trace?: boolean
}

export async function runRoot(
  context: Context,
  paths: readonly string[],
  flags: RunFlags,
): Promise<ExitStatus> {
  const rules = await readRules(context, flags)
  const { classes } = rules
  const { program, diagnostics } = compile(await moduleFiles(context, paths), classes, rules)
  if (hasErrors(diagnostics)) {
    await printErrors(context, diagnostics)
    return exitStatus.failed
  }
  const { graph, nodes } = loadGraph(await readGraph(context, flags.graph))
  const external = new Set(flags.external)
  const steps: TraceStep[] = []
  const result = evaluateRoot(program, nodeOf(nodes, flags.root), {
    graph,
    classes,
    dataModel: flags.dm,
    dataset: { has: ({ key }) => external.has(key) },
    ...(flags.trace === true ? { trace: (step: TraceStep) => void steps.push(step) } : {}),
  })
  for (const { place, mapping, what } of steps) {
    await context.err.line(`${formatPlace(place)}: ${mapping}: ${printable(what)}`)
  }
  await printResult(context, result, flags)
  return result.type === 'failed' ? exitStatus.failed : exitStatus.done
}

async function printResult({ out, err }: Context, result: RootResult, { json }: RunFlags) {
  if (json === true) await out.line(JSON.stringify(writeResult(result), undefined, 2))
  else for (const line of describe(result)) await out.line(line)
  if (result.type === 'specified') {
    for (const { place, code, message } of result.warnings) {
      await err.line(`${formatPlace(place)}: ${err.colors.yellow(`warning ${code}:`)} ${printable(message)}`)
    }
  }
  if (result.type !== 'failed') return
  const { place, problem, message } = result.error
  const where = place === undefined ? '' : `${formatPlace(place)}: `
  await err.line(`${where}${err.colors.red(`error ${problem}:`)} ${printable(message)}`)
}

/** A line for each configuration item and relationship, and below it one for each attribute. */
function describe(result: RootResult): readonly string[] {
  const written = writeResult(result)
  if ('error' in written) return []
  const attributes = (attrs: Readonly<Record<string, unknown>> = {}) =>
    Object.entries(attrs).map(([name, value]) => `    ${name} = ${printable(JSON.stringify(value))}`)
  return [
    ...(written.delete ?? []).map((ci) => `delete ${ci.class} ${printable(ci.key)}`),
    ...written.cis.flatMap((ci) => [
      `${ci.class} ${printable(ci.key)}${ci.kind === undefined ? '' : ` (${ci.kind})`}`,
      ...attributes(ci.attrs),
    ]),
    ...written.rels.flatMap((rel) => [
      `${rel.class} ${printable(rel.source)} → ${printable(rel.destination)}`,
      ...attributes(rel.attrs),
    ]),
    ...(written.log ?? []).map(([level, text]) => `log ${level}: ${printable(text)}`),
  ]
}

export async function test(context: Context, path: string, flags: CheckFlags): Promise<ExitStatus> {
  const { cases, classes } = await caseFiles(context, path, flags)
  const outcomes = cases.map((one) => ({ file: one.file, title: one.one.title, ...outcomeOf(one, classes) }))
  const failed = outcomes.filter(({ ok }) => !ok)
  if (flags.json === true) await context.out.line(JSON.stringify(outcomes, undefined, 2))
  else {
    for (const outcome of outcomes) await printOutcome(context, outcome)
    await context.out.line(`${outcomes.length - failed.length} ok, ${failed.length} failed`)
  }
  return failed.length === 0 ? exitStatus.done : exitStatus.failed
}

type Outcome = ReturnType<typeof outcomeOf> & { readonly file: string; readonly title: string }

function outcomeOf({ one, modules }: CaseFile, classes: ClassModel) {
  const { missing, surplus } = runCase(one, classes, modules)
  return { ok: missing.length + surplus.length === 0, missing, surplus }
}

async function printOutcome({ out }: Context, { file, title, ok, missing, surplus }: Outcome) {
  const word = ok ? out.colors.green('ok') : out.colors.red('FAIL')
  await out.line(`${file} ${word}${title === '' ? '' : `  ${printable(title)}`}`)
  for (const one of missing) await out.line(`    missing: ${printable(one)}`)
  for (const one of surplus) await out.line(`    not expected: ${printable(one)}`)
}

export interface FormatFlags extends GlobalOptions {
  readonly check?: boolean
}

/** A module that cannot be read is left as it is, and the others are formatted. */
export async function format(
  context: Context,
  paths: readonly string[],
  flags: FormatFlags,
): Promise<ExitStatus> {
  const files = await moduleFiles(context, paths)
  const formatted = files.map((one) => ({ ...one, result: formatModule(one.file, one.text) }))
  let changed = 0
  let unreadable = 0
  for (const { file, path, text, result } of formatted) {
    if (result.type === 'unreadable') {
      unreadable++
      await printErrors(context, result.diagnostics)
    } else if (result.text !== text) {
      changed++
      if (flags.check !== true) await writeFile(path, result.text)
      await context.out.line(file)
    }
  }
  if (unreadable > 0) {
    await context.err.line(`${formatNumberOf(unreadable, 'file')} cannot be read and was not changed.`)
  }
  const isFailed = unreadable > 0 || (changed > 0 && flags.check === true)
  return isFailed ? exitStatus.failed : exitStatus.done
}
