import { expect, test } from 'vitest'
import { parseConfiguration } from './parse-configuration.ts'

const project = `
entityTypes: { Person: { properties: { number: string } } }
sources: { hr: { folder: ., entities: { Person: { file: p.csv, key: number, properties: { number: n } } } } }
`

function parse(signIn: string, environment: Readonly<Record<string, string>> = {}) {
  const text = `${project}server:\n  signIn: ${signIn}\n`
  return parseConfiguration([{ path: 'sluice.yaml', text }], { environment })
}

const provider = (more: string) =>
  `{openIdConnect: {issuer: "https://login.example.org", clientId: sluice, clientSecret: "\${SECRET}", ${more}}}`

test('a provider of OpenID Connect is read with its defaults, the most powerful role first', () => {
  const { configuration, findings } = parse(provider('roles: {viewer: ["*"], admin: [1, b]}'), {
    SECRET: 'x',
  })
  expect(findings).toEqual([])
  expect(configuration?.server.signIn.openIdConnect).toEqual({
    issuer: 'https://login.example.org',
    clientId: 'sluice',
    clientSecret: { kind: 'known', text: 'x' },
    scopes: ['openid', 'profile', 'email'],
    name: 'preferred_username',
    roles: {
      claim: 'groups',
      groups: [
        ['admin', ['1', 'b']],
        ['operator', []],
        ['editor', []],
        ['viewer', ['*']],
      ],
    },
    label: 'single sign-on',
  })
})

test('how long a session lasts is a duration of at least five minutes', () => {
  expect(parse('{sessions: {idle: 30m, longest: 1d}}').configuration?.server.signIn.sessions).toEqual({
    idle: 1_800_000,
    longest: 86_400_000,
  })
  expect(parse('{sessions: {idle: 1m}}').findings[0]?.message).toMatch(/must be at least 5m/)
  expect(parse('{sessions: {longest: soon}}').findings[0]?.message).toMatch(/must be a duration/)
})

test.each([
  ['{openIdConnect: {issuer: "https://x", clientId: a, roles: {}}}', /nobody could sign in/, 5],
  [
    '{openIdConnect: {issuer: "http://login.example.org", clientId: a, roles: {admin: [b]}}}',
    /is not the address/,
    5,
  ],
  ['{openIdConnect: {issuer: "https://me:pw@x", clientId: a, roles: {admin: [b]}}}', /^"?The issuer/, 5],
  [
    '{openIdConnect: {issuer: "https://x", clientId: a, clientSecret: plain, roles: {admin: [b]}}}',
    /plain text/,
    5,
  ],
  [provider('roles: {admin: [b]}'), /"SECRET" is not set/, 5],
])('%s is told of with its line', (signIn, message, line) => {
  const [finding] = parse(signIn).findings
  expect(finding?.message).toMatch(message)
  expect(finding?.message).not.toContain('pw')
  expect(finding?.line).toBe(line)
})
