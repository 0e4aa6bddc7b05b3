/**
 * A process that sends what is due, to be killed in the middle of it: `node send-forever.ts URL SCHEMA RECEIVER`.
 *
 * @module
 */
import process from 'node:process'
import { openDatabase } from '@sluice/repository'
import { Pauses } from '../src/outbox/pauses.ts'
import { sendDue } from '../src/send-due.ts'

const [url = '', schema = '', receiver = ''] = process.argv.slice(2)
const database = await openDatabase({ kind: 'postgres', url, schema })
const address = { kind: 'webhook', url: { kind: 'known', text: receiver } } as const
const settings = {
  receivers: new Map([['ops', { name: 'ops', kinds: [], address }]]),
  repeatAfter: 0,
  giveUpAfter: 86_400_000,
}
await sendDue(database, settings, new Pauses())
