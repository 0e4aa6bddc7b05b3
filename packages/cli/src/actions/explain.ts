/**
 * `sluice explain`: everything known about one resource, and why it is so.
 *
 * @module
 */
import type { Explanation } from '@sluice/project'
import { type Context, type GlobalOptions, repositoryOf } from '../context.ts'
import { exitStatus } from '../exit-status.ts'
import { labellerOf } from '../language.ts'
import { formatExplanation } from '../output/explanation.ts'
import { labelledExplanation } from '../output/labelled-explanation.ts'
import { UnknownResourceError } from './unknown-resource-error.ts'

export interface ExplainFlags extends GlobalOptions {
  readonly json?: boolean
}

export async function explain(context: Context, type: string, key: string, flags: ExplainFlags) {
  await using repository = await repositoryOf(context, flags)
  const found: Explanation | undefined = await repository.explain(type, key)
  if (found === undefined) throw new UnknownResourceError(type, key)
  const { out } = context
  if (flags.json === true) await out.line(JSON.stringify(found, undefined, 2))
  else {
    const model = await repository.model()
    const labelled = labelledExplanation(found, model, labellerOf(context, flags, model))
    await out.line(formatExplanation(labelled, out.colors, out.width).join('\n'))
  }
  return exitStatus.done
}
