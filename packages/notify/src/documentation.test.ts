/**
 * What docs/notifications.md shows is true: its example is of the schema, and its programs verify what is sent.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { notificationKinds, webhookDocumentSchema } from '@sluice/model'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { openHttpReceiver } from '../test/http-receiver.ts'
import { heldMessage } from '../test/message.ts'
import { sendMessage } from './send/send-message.ts'

const page = readFileSync(fileURLToPath(new URL('../../../docs/notifications.md', import.meta.url)), 'utf8')

function blockOf(language: string): string {
  const [, text] = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(page) ?? []
  if (text === undefined) throw new Error(`The page has no ${language}.`)
  return text
}

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

async function signed() {
  await using receiver = await openHttpReceiver()
  const url = { kind: 'known', text: receiver.url } as const
  const address = { kind: 'webhook', url, secret: { kind: 'known', text: secret } } as const
  await sendMessage({ address }, heldMessage)
  const [request] = receiver.requests
  if (request === undefined) throw new Error('Nothing came.')
  const { headers, body } = request
  const now = Number(headers['webhook-timestamp'])
  const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`
  return [
    { what: 'ours', headers, body, secret, now, right: true },
    { what: 'another body', headers, body: `${body} `, secret, now, right: false },
    { what: 'another secret', headers, body, secret: other, now, right: false },
    { what: 'an old one', headers, body, secret, now: now + 301, right: false },
  ]
}

test('the example is a document of the published schema', () => {
  expect(webhookDocumentSchema.parse(JSON.parse(blockOf('json')))).toEqual(JSON.parse(blockOf('json')))
})

test('every event is in the table of events, with its meaning, and its type in the text', () => {
  for (const [name, { meaning, type }] of Object.entries(notificationKinds)) {
    expect(page).toContain(`| \`${name}\` | ${meaning} |`)
    expect(page).toContain(`\`${type}\``)
  }
})

test('the program for Node verifies what is sent, and nothing else', async () => {
  const url = `data:text/javascript,${encodeURIComponent(`import { Buffer } from 'node:buffer'\n${blockOf('js')}`)}`
  const { isOurs } = z
    .object({
      isOurs: z.custom<(...args: readonly unknown[]) => boolean>((value) => typeof value === 'function'),
    })
    .parse({ ...(await import(/* @vite-ignore */ url)) })
  for (const one of await signed()) {
    expect(isOurs(one.headers, one.body, one.secret, one.now), one.what).toBe(one.right)
  }
})

test('the program for Python verifies what is sent, and nothing else', async () => {
  const cases = await signed()
  const program = `${blockOf('python')}
import json, sys
print(json.dumps([is_ours(c["headers"], c["body"].encode(), c["secret"], c["now"]) for c in json.load(sys.stdin)]))`
  const printed = execFileSync('python3', ['-c', program], { input: JSON.stringify(cases), encoding: 'utf8' })
  expect(JSON.parse(printed)).toEqual(cases.map(({ right }) => right))
})
