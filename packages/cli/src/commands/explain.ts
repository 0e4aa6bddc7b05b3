/**
 * `sluice explain`: everything known about one resource, and why it is so.
 *
 * @module
 */
import type { Explanation } from '@sluice/project'
import type { Command } from 'commander'
import { describedCommand, type Runner } from '../command.ts'
import { type Context, type GlobalOptions, repositoryOf } from '../context.ts'
import { exitStatus } from '../exit-status.ts'
import { formatExplanation } from '../output/explanation.ts'
import { UnknownResourceError } from './unknown-resource-error.ts'

interface ExplainFlags extends GlobalOptions {
  readonly json?: boolean
}

export function explainCommand(run: Runner): Command {
  const command = describedCommand(
    'explain',
    'Explain a resource: which source says what, since which run, its links and its history.',
    [
      { command: 'sluice explain Person 1007', says: 'by the key a source gives it' },
      {
        command: 'sluice explain Person "Grace O\'Neill" --json',
        says: 'by its display property, for a script',
      },
    ],
  )
    .argument('<TYPE>', 'name of an entity type')
    .argument('<KEY>', 'its key in a source, its display property, or its resource id')
    .option('--json', 'print one JSON document')
  return command.action((type: string, key: string) =>
    run((context) => explain(context, type, key, command.optsWithGlobals<ExplainFlags>())),
  )
}

async function explain(context: Context, type: string, key: string, flags: ExplainFlags) {
  await using repository = await repositoryOf(context, flags)
  const found: Explanation | undefined = await repository.explain(type, key)
  if (found === undefined) throw new UnknownResourceError(type, key)
  const { out } = context
  if (flags.json === true) await out.line(JSON.stringify(found, undefined, 2))
  else await out.line(formatExplanation(found, out.colors, out.width).join('\n'))
  return exitStatus.done
}
