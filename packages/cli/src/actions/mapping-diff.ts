/**
 * `sluice mapping diff`: what mappings say otherwise than those that they override.
 *
 * @module
 */
import { compile, hasErrors, type OverrideDifference, overrideDifferences } from '@sluice/syncmapping'
import type { Context, GlobalOptions } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'
import { printErrors } from './mapping-diagnostics.ts'
import { moduleFiles } from './mapping-files.ts'

export interface DiffFlags extends GlobalOptions {
  readonly mapping?: string
  readonly json?: boolean
}

export async function diff(
  context: Context,
  paths: readonly string[],
  flags: DiffFlags,
): Promise<ExitStatus> {
  const { program, diagnostics } = compile(await moduleFiles(context, paths))
  if (hasErrors(diagnostics)) {
    await printErrors(context, diagnostics)
    return exitStatus.failed
  }
  const found = named(overrideDifferences(program), flags.mapping)
  if (flags.json === true) await context.out.line(JSON.stringify(found.map(plain), undefined, 2))
  else for (const one of found) await printDifference(context, one)
  return exitStatus.done
}

/** Those of one mapping, whichever of the two it is. */
function named(
  differences: readonly OverrideDifference[],
  mapping: string | undefined,
): readonly OverrideDifference[] {
  if (mapping === undefined) return differences
  const found = differences.filter(({ overridden, overriding }) =>
    [overridden, overriding].some(
      (one) => mapping === one.mapping || mapping === `${one.module}.${one.mapping}`,
    ),
  )
  if (found.length > 0) return found
  throw new WrongUsageError(
    `${mapping} overrides no mapping of these files, and none overrides it.`,
    'sluice mapping check lists those that are overridden.',
  )
}

function plain({ overridden, overriding, hunks }: OverrideDifference) {
  return { overridden, overriding, hunks }
}

async function printDifference({ out }: Context, { overridden, overriding, text }: OverrideDifference) {
  if (text === '') {
    const [old, other] = [overridden, overriding].map(({ module, mapping }) => `${module}.${mapping}`)
    await out.line(`${other} and ${old} do the same.`)
  }
  for (const line of text.split('\n').slice(0, -1)) await out.line(colored(line, out))
}

function colored(line: string, { colors }: Context['out']): string {
  if (line.startsWith('@@')) return colors.cyan(line)
  if (/^\+(?!\+\+ )/.test(line)) return colors.green(line)
  return /^-(?!-- )/.test(line) ? colors.red(line) : line
}
