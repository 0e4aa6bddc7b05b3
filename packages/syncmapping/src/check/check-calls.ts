/**
 * Calls of functions.
 *
 * @module
 */
import { suggestion } from '@sluice/model'
import type { Span } from '../diagnostic.ts'
import type { BuiltIn } from '../functions/built-in.ts'
import { functions } from '../functions/functions.ts'
import type { Argument, FunctionCall } from '../tree/tree.ts'
import { type Checking, type Here, meaningOf } from './checking.ts'

/** Functions that discover and build the source graph. */
const forbidden = new Set(['discovery', 'inference', 'model'])

export function checkCall(call: FunctionCall, here: Here, checking: Checking): void {
  const { path, arguments: given } = call
  const [first] = path
  const name = path.map(({ text }) => text).join('.')
  checking.observe({ type: 'function', name: { text: name, at: lengthOf(path) } }, checking.mapping)
  checkArgumentNames(given, checking)
  if (name === 'model.kind') {
    const message = 'model.kind is a function of patterns; it is allowed here because real mappings call it.'
    checking.report('FUNCTION_DISCOURAGED', first.at, message)
  } else if (forbidden.has(first.text)) {
    const message = `Functions of ${first.text} are for patterns; a syncmapping only reads the source graph.`
    checking.report(
      'FUNCTION_FORBIDDEN',
      first.at,
      message,
      'Have a pattern write it to a node, and read it there.',
    )
    return
  }
  const meaning = meaningOf(first.text, here, checking)
  const known = functions.get(name)
  if (meaning.type === 'named') {
    checking.read.add(first.text)
    const message = `${name} is a function of your own, which a syncmapping cannot call.`
    checking.report('USER_FUNCTION', first.at, message, 'Write its statements here.')
  } else if (known === undefined) {
    checking.report(
      'FUNCTION_UNKNOWN',
      first.at,
      `There is no function ${name}.`,
      suggestion(name, functions.keys()),
    )
  } else checkArguments(call, name, known, checking)
}

/** From the first name to the last. */
function lengthOf(path: FunctionCall['path']): Span {
  const last = path.at(-1)?.at ?? path[0].at
  return { ...path[0].at, length: last.offset + last.length - path[0].at.offset }
}

/** Each name once, and after all that have none. */
export function checkArgumentNames(given: readonly Argument[], { report }: Checking): void {
  const seen = new Set<string>()
  for (const { name, value } of given) {
    if (name === undefined && seen.size > 0) {
      report('PARAMETER_ORDER', value.at, 'Parameters without a name come before those that have one.')
    }
    if (name === undefined) continue
    if (seen.has(name.text)) report('PARAMETER_REPEATED', name.at, `${name.text} is given twice.`)
    seen.add(name.text)
  }
}

function checkArguments(
  { path, arguments: given }: FunctionCall,
  name: string,
  known: BuiltIn,
  { report }: Checking,
) {
  const count = given.filter((argument) => argument.name === undefined).length
  if (count < known.least || count > known.most) {
    const most = known.most === Number.POSITIVE_INFINITY ? 'or more' : `to ${known.most}`
    const wanted = known.least === known.most ? `${known.least}` : `${known.least} ${most}`
    report(
      'FUNCTION_ARGUMENTS',
      path[0].at,
      `${name} takes ${wanted} arguments without a name, not ${count}.`,
    )
  }
  for (const argument of given) {
    const written = argument.name
    if (written === undefined || known.named === 'any' || known.named.includes(written.text)) continue
    const remedy = suggestion(written.text, known.named)
    report('FUNCTION_ARGUMENTS', written.at, `${name} takes no argument ${written.text}.`, remedy)
  }
}
