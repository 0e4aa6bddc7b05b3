/**
 * A connector for tests, as a project would have one in a folder: what it does is written in its options.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { secretSchema } from '@sluice/model'
import { z } from 'zod'
import { defineConnector } from '../../src/contract/connector.ts'
import type { ExportContext } from '../../src/contract/export-context.ts'
import { ManagedSystemError } from '../../src/contract/managed-system-error.ts'

const options = z.strictObject({
  /** Rows of people.csv. */
  rows: z.int().optional(),
  password: secretSchema.optional(),
  /** How it ends, attempt by attempt; well after the last of them. */
  ends: z
    .array(z.enum(['passing', 'refused', 'hanging', 'deaf', 'incomplete', 'cookie too old', 'ECONNRESET']))
    .optional(),
  /** It can tell changes. */
  changes: z.boolean().optional(),
  /** A file that it leaves out. */
  without: z.string().optional(),
})

type Options = z.output<typeof options>
type End = NonNullable<Options['ends']>[number]

/** How often an export was begun, of those that were opened. */
const attempts = new WeakMap<Options, number>()

export const connector = defineConnector({
  kind: 'made',
  title: 'A system that does what it is asked to',
  options,
  tables: () => [{ file: 'people.csv', columns: ['id', 'name'] }, { file: 'members.csv' }],
  async check({ password }, context) {
    const secret = password === undefined ? '' : await context.secret(password)
    if (secret.startsWith('wrong')) throw new ManagedSystemError(`The password ${secret} is refused.`)
    return { facts: { server: 'made' }, warnings: [] }
  },
  discover: async () => ({ tables: [], notes: [] }),
  async export(asked, context) {
    const { ends = [], password, changes = false, without } = asked
    const attempt = attempts.get(asked) ?? 0
    attempts.set(asked, attempt + 1)
    const end = ends[attempt]
    const secret = password === undefined ? '' : await context.secret(password)
    context.log(`connected with ${secret}`)
    const cookie = await context.readCookie('change')
    const commands = changes && context.mode === 'incremental' && cookie !== undefined
    if (commands && end === 'cookie too old') {
      await writePeople(asked, context, { commands })
      await context.startOver()
    }
    if (without !== 'people.csv')
      await writePeople(asked, context, {
        commands: commands && end !== 'cookie too old',
        between: () => misbehave(end, secret, context.signal),
      })
    const members = await context.table('members.csv', ['id', 'friend'])
    await members.write(['u0', 'u1'])
    await context.writeCookie('change', `after ${cookie ?? 'nothing'}`)
    if (end === 'incomplete') return { complete: false, note: `page 7 is missing, ${secret}` }
    const whole = { mode: 'complete' as const, note: 'The cookie is too old.' }
    return { complete: true, ...(end === 'cookie too old' ? whole : {}) }
  },
})

async function writePeople(
  { rows = 3 }: Options,
  context: ExportContext,
  { commands, between }: { readonly commands: boolean; readonly between?: () => Promise<void> },
): Promise<void> {
  const people = await context.table('people.csv', [...(commands ? ['command'] : []), 'id', 'name'])
  for (let row = 0; row < rows; row++) {
    const wait = people.write([...(commands ? ['merge'] : []), `u${row}`, `Name "${row}", and more`])
    if (wait !== undefined) await wait
    if (row === 1) await between?.()
  }
}

async function misbehave(end: End | undefined, secret: string, signal: AbortSignal): Promise<void> {
  if (end === 'passing') throw new ManagedSystemError(`It is busy, ${secret}.`, { passing: true })
  if (end === 'refused')
    throw new ManagedSystemError(`${secret} is refused.`, { remedy: `Take another one than ${secret}.` })
  if (end === 'ECONNRESET') throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
  if (end === 'hanging') await sleep(600_000, undefined, { signal, ref: false })
  // It does not listen when it has to end.
  if (end === 'deaf') await sleep(600_000, undefined, { ref: false })
}
