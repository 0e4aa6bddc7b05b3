/**
 * How `sluice audit` is called.
 *
 * @module
 */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { AuditFlags } from '../actions/audit.ts'
import { describedCommand, type Runner } from '../command.ts'

const work = () => import('../actions/audit.ts')

export function auditCommand(run: Runner): Command {
  const command = describedCommand(
    'audit',
    'Show who changed what, or tried to, and who signed in: the newest first.',
    [
      { command: 'sluice audit --who ada', says: 'what one person, token or user of the machine did' },
      { command: 'sluice audit --action signIn --from 2026-11-01', says: 'who signed in since November' },
    ],
  )
    .option('--who <NAME>', 'name of the account, the token or the user')
    .option('--action <ACTION>', 'name of a request, such as approve, signIn or createToken')
    .addOption(
      new Option('--from <TIME>', 'not before it: a day such as 2026-11-30, or a time in ISO 8601').argParser(
        parseTime,
      ),
    )
    .addOption(new Option('--to <TIME>', 'before it').argParser(parseTime))
    .addOption(new Option('--limit <COUNT>', 'at most so many').default(100).argParser(parseCount))
    .option('--csv', 'print CSV')
    .option('--json', 'print one JSON array')
    .option('--local', 'of the repository itself, even where a server is configured')
  return command.action(() =>
    run(work, ({ audit }, context) => audit(context, command.optsWithGlobals<AuditFlags>())),
  )
}

/** ISO 8601; a day begins in UTC. */
function parseTime(text: string): string {
  const time = new Date(text)
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(time.getTime())) return time.toISOString()
  throw new InvalidArgumentError(
    'It must be a day such as 2026-11-30, or a time such as 2026-11-30T08:00:00Z.',
  )
}

function parseCount(text: string): number {
  if (/^[1-9]\d{0,2}$|^1000$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a number from 1 to 1000.')
}
