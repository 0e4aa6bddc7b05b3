/**
 * The block `notifications`: what is filled in, and every mistake at its place.
 */
import { expect, test } from 'vitest'
import { notificationKindNames } from '../notification/notification-kinds.ts'
import { hears } from '../notification/receiver.ts'
import { findingCodes } from './finding.ts'
import { parseConfiguration } from './parse-configuration.ts'

const base = `
server: {publicUrl: "https://sluice.example.org/"}
notifications:
  repeatAfter: 2h
  receivers:
    ops:
      email: {host: mail.example.org, user: sluice, password: "$\{SMTP_PASSWORD}", from: "Sluice <sluice@example.org>", to: ops@example.org}
    duty-desk:
      webhook: {url: "$\{HOOK_URL}", secretFile: secrets/hook}
      events: [failed, late]
      sources: [hr]
entityTypes:
  Person: {properties: {number: string}}
sources:
  hr:
    owner: the HR team
    expected: 26h
    entities: {Person: {file: people.csv, key: number, properties: {number: no}}}
  ad:
    notify: [ops]
    entities: {Person: {file: people.csv, key: number, properties: {number: no}}}
`
const environment = { SMTP_PASSWORD: 'p w', HOOK_URL: 'https://hooks.example.org/T0/B0' }

const parse = (text: string, variables: Readonly<Record<string, string>> = environment) =>
  parseConfiguration([{ path: 'sluice.yaml', text }], {
    environment: variables,
    resolvePath: (_file, path) => `/project/${path}`,
  })

test('receivers are filled in: ports, events, secrets from the environment or a file', () => {
  const { configuration, findings } = parse(base)
  expect(findings).toEqual([])
  expect(configuration?.notifications).toEqual({
    repeatAfter: 7_200_000,
    giveUpAfter: 86_400_000,
    receivers: new Map([
      [
        'ops',
        {
          name: 'ops',
          kinds: notificationKindNames,
          address: {
            kind: 'email',
            host: 'mail.example.org',
            port: 587,
            tls: 'starttls',
            user: 'sluice',
            password: { kind: 'known', text: 'p w' },
            from: 'Sluice <sluice@example.org>',
            to: ['ops@example.org'],
          },
        },
      ],
      [
        'duty-desk',
        {
          name: 'duty-desk',
          kinds: ['failed', 'late'],
          sources: ['hr'],
          address: {
            kind: 'webhook',
            url: { kind: 'known', text: environment.HOOK_URL },
            secret: { kind: 'file', path: '/project/secrets/hook' },
          },
        },
      ],
    ]),
  })
  expect(configuration?.server.publicUrl).toBe('https://sluice.example.org')
  expect(configuration?.sources.get('hr')).toMatchObject({ owner: 'the HR team', expected: 93_600_000 })
})

test('a process that sends nothing needs no secrets: their variables are warnings', () => {
  const { configuration, findings } = parse(base, {})
  expect(findings.map(({ severity, code }) => [severity, code])).toEqual([
    ['warning', findingCodes.environment],
    ['warning', findingCodes.environment],
  ])
  expect(configuration?.notifications.receivers.get('ops')?.address).toMatchObject({
    password: { kind: 'missing', written: '$' + '{SMTP_PASSWORD}' },
  })
})

test('a receiver hears of its events and sources, and a source is heard of by those it names', () => {
  const { notifications, sources } = parse(base).configuration ?? {}
  const who = (kind: 'failed' | 'held', name: string) =>
    [...(notifications?.receivers.values() ?? [])].flatMap((receiver) =>
      hears(receiver, kind, [sources?.get(name) ?? []].flat()) ? [receiver.name] : [],
    )
  expect(who('failed', 'hr')).toEqual(['ops', 'duty-desk'])
  expect(who('held', 'hr')).toEqual(['ops'])
  expect(who('failed', 'ad')).toEqual(['ops'])
})

interface Mistake {
  readonly title: string
  readonly change: readonly [string, string]
  readonly severity?: 'warning'
  readonly at: string
  readonly says: string
}

const secret = '{SMTP_PASSWORD}'

const mistakes: readonly Mistake[] = [
  {
    title: 'a receiver that a source names and nobody knows',
    change: ['notify: [ops]', 'notify: [opps]'],
    at: 'opps',
    says: 'There is no receiver "opps". Did you mean "ops"?',
  },
  {
    title: 'a receiver that does not want to hear of the source that names it',
    change: ['notify: [ops]', 'notify: [duty-desk]'],
    at: 'duty-desk',
    says: 'Receiver "duty-desk" is not notified about source "ad". Add ad to the sources of duty-desk, or remove duty-desk here.',
  },
  {
    title: 'an unknown source',
    change: ['sources: [hr]', 'sources: [hrr]'],
    at: 'hrr',
    says: 'There is no source "hrr". Did you mean "hr"?',
  },
  {
    title: 'an unknown event',
    change: ['events: [failed, late]', 'events: [failed, lat]'],
    at: 'lat',
    says: '"events" (item 2) cannot be "lat". Did you mean "late"?',
  },
  {
    title: 'an unknown key',
    change: ['repeatAfter: 2h', 'repeetAfter: 2h'],
    at: 'repeetAfter',
    says: 'There is no key "repeetAfter" in "notifications". Did you mean "repeatAfter"?',
  },
  {
    title: 'a receiver of two kinds',
    change: ['events: [failed, late]', 'email: {host: localhost, from: a@example.org, to: b@example.org}'],
    at: 'duty-desk',
    says: 'Receiver "duty-desk" is reached either by email or by webhook. Write one of the two; for both, make two receivers.',
  },
  {
    title: 'a user without a password',
    change: [`, password: "$${secret}"`, ''],
    at: 'email',
    says: '"password" is missing in "email". User and password belong together; leave both out where the SMTP server asks for neither.',
  },
  {
    title: 'a password in plain text',
    change: [`"$${secret}"`, 'hunter22'],
    severity: 'warning',
    at: 'hunter22',
    says: `The password stands in the file as plain text. Take it from the environment, with password: $${'{NAME}'}, or from a passwordFile.`,
  },
  {
    title: 'a password in two places',
    change: [`"$${secret}"`, `"$${secret}", passwordFile: secrets/smtp`],
    at: 'passwordFile',
    says: 'There is both a password and a file with a password. Keep one of the two.',
  },
  {
    title: 'e-mails in the clear',
    change: ['host: mail.example.org', 'host: mail.example.org, tls: none'],
    severity: 'warning',
    at: 'none',
    says: 'E-mails and the password are sent to mail.example.org without encryption. Write tls: starttls or tls: implicit.',
  },
  {
    title: 'something that is no e-mail address',
    change: ['to: ops@example.org', 'to: ops'],
    at: 'ops',
    says: '"to" must be an e-mail address such as ops@example.org or Sluice <sluice@example.org>, not "ops".',
  },
  {
    title: 'a webhook without a secret',
    change: [', secretFile: secrets/hook', ''],
    severity: 'warning',
    at: 'webhook',
    says: 'The webhook has no secret, so its receiver cannot verify who posts to it. Make one with: echo "whsec_$(openssl rand -base64 32)"',
  },
  {
    title: 'a secret that is none, which is not shown',
    change: ['secretFile: secrets/hook', `secret: "$${secret}"`],
    at: `"$${secret}"`,
    says: 'The secret is not whsec_ followed by 24 to 64 bytes in Base64. Make one with: echo "whsec_$(openssl rand -base64 32)"',
  },
  {
    title: 'an address that is none, which is not shown',
    change: [`"$${'{HOOK_URL}'}"`, `"$${secret}"`],
    at: `"$${secret}"`,
    says: 'The address of the webhook is not an HTTP URL without user and password. Write for example https://hooks.example.org/sluice.',
  },
  {
    title: 'a public address that is none',
    change: ['"https://sluice.example.org/"', 'sluice.example.org'],
    at: 'sluice.example.org',
    says: '"sluice.example.org" is not a base address for links. Write for example https://sluice.example.org.',
  },
  {
    title: 'an interval of nothing',
    change: ['expected: 26h', 'expected: 0h'],
    at: '0h',
    says: '"expected" must be longer than nothing, not "0h".',
  },
]

test.each(mistakes)(
  '$title is found at its place',
  ({ change: [from, to], severity = 'error', at, says }) => {
    const text = base.replace(from, to)
    expect(text).not.toBe(base)
    const { findings } = parse(text)
    const [finding] = findings
    expect(findings).toHaveLength(1)
    const rest = text.split('\n')[(finding?.line ?? 0) - 1]?.slice((finding?.column ?? 0) - 1) ?? ''
    expect(rest.startsWith(at), `${rest} begins with ${at}`).toBe(true)
    expect([finding?.message, finding?.remedy].filter(Boolean).join(' ')).toBe(says)
    expect(finding?.severity).toBe(severity)
    expect(JSON.stringify(findings)).not.toContain('p w')
  },
)
