/**
 * Signing in through OpenID Connect, with a real provider, and what somebody in between could try.
 */
import { openAccountStore } from '@sluice/repository'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RunningServer } from '../../src/index.ts'
import { signInAt, startProvider, type TestProvider } from '../open-id-provider.ts'
import { ask, type Browser, browserAt, createServerHarness, type ServerHarness } from '../server-harness.ts'

let harness: ServerHarness
let server: RunningServer
let provider: TestProvider
let callback: string

beforeEach(async () => {
  harness = await createServerHarness()
  provider = await startProvider()
  server = await serveWith('a secret of the client')
  callback = `${server.url}/sign-in/open-id/callback`
  provider.register({ secret: 'a secret of the client', redirectUri: callback })
  provider.people.set('1', { name: 'ada', groups: ['staff', 'sluice-admins'] })
  provider.people.set('2', { name: 'vera', groups: ['staff'] })
  provider.people.set('3', { name: 'nobody', groups: ['guests'] })
})
afterEach(async () => {
  await harness[Symbol.asyncDispose]()
  await provider[Symbol.asyncDispose]()
})

function serveWith(secret: string, issuer = provider.issuer) {
  return harness.serve(
    {
      signIn: {
        ...harness.configuration.server.signIn,
        openIdConnect: {
          issuer,
          clientId: 'sluice',
          clientSecret: { kind: 'known', text: secret },
          scopes: ['openid', 'profile', 'email'],
          name: 'preferred_username',
          roles: {
            claim: 'groups',
            groups: [
              ['admin', ['sluice-admins']],
              ['viewer', ['staff']],
            ],
          },
          label: 'Example',
        },
      },
    },
    { synchronizes: false },
  )
}

const begin = '/sign-in/open-id'
const session = '/api/v1/session'

/** Where the browser is sent when it begins. */
async function leaveFor(browser: Browser, returnTo = 'runs/7?tab=changes', at = begin): Promise<string> {
  const { status, headers } = await browser.ask(`${at}?returnTo=${encodeURIComponent(returnTo)}`)
  expect(status).toBe(302)
  return headers.get('location') ?? ''
}

async function comeBack(browser: Browser, came: URL): Promise<string> {
  const { status, headers } = await browser.ask(`${came.pathname}${came.search}`)
  expect(status).toBe(302)
  return headers.get('location') ?? ''
}

async function signIn(subject: string, browser = browserAt(server)): Promise<Browser> {
  const came = await signInAt(await leaveFor(browser), subject, callback)
  expect(await comeBack(browser, came)).toBe('../../console/runs/7?tab=changes')
  return browser
}

test('it is offered, and whoever signs in there is somebody here, in the role of the groups, on the page that was asked for', async () => {
  expect((await ask(server, '/api/v1/sign-in-options')).body).toEqual({
    accounts: false,
    openIdConnect: { label: 'Example', path: 'sign-in/open-id' },
  })
  const browser = browserAt(server)
  const away = new URL(await leaveFor(browser))
  expect(Object.fromEntries(away.searchParams)).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    redirect_uri: callback,
    scope: 'openid profile email',
  })
  expect(away.searchParams.get('nonce')).toMatch(/^[\w-]{43}$/)
  await signIn('1', browser)
  expect(await browser.ask(session)).toMatchObject({
    body: { name: 'ada', kind: 'account', role: 'admin', hasPassword: false },
  })
  expect([...browser.cookies.keys()]).toEqual(['sluice_session'])
  expect(await browser.ask('/api/v1/audit?action=signIn&limit=1')).toMatchObject({
    body: { entries: [{ by: { kind: 'person', name: 'ada' }, subject: '/sign-in/open-id', result: 'done' }] },
  })
})

test('the role follows the groups at each sign-in, and whoever has none is told so and not let in', async () => {
  expect(await (await signIn('2')).ask(session)).toMatchObject({ body: { name: 'vera', role: 'viewer' } })
  provider.people.set('2', { name: 'vera', groups: ['sluice-admins'] })
  expect(await (await signIn('2')).ask(session)).toMatchObject({ body: { name: 'vera', role: 'admin' } })
  const browser = browserAt(server)
  const came = await signInAt(await leaveFor(browser), '3', callback)
  expect(await comeBack(browser, came)).toBe('../../console/?signInProblem=SLUICE-SERVER-21')
  expect(browser.cookies.size).toBe(0)
})

test('nobody gets the account of somebody else by its name, and a disabled one stays out', async () => {
  const accounts = openAccountStore(harness.repository.database)
  await accounts.create({ name: 'Grace', role: 'admin', password: 'correct horse battery' }, 'test')
  provider.people.set('4', { name: 'grace', groups: ['staff'] })
  const browser = browserAt(server)
  const back = async (subject: string) =>
    await comeBack(browser, await signInAt(await leaveFor(browser), subject, callback))
  expect(await back('4')).toBe('../../console/?signInProblem=SLUICE-ACCOUNT-07')
  provider.people.set('5', { name: 'eve', groups: ['staff'] })
  await signIn('5')
  await accounts.change('eve', { disabled: true })
  expect(await back('5')).toBe('../../console/?signInProblem=SLUICE-ACCOUNT-06')
  expect(browser.cookies.size).toBe(0)
})

test('an answer that is brought by another browser, twice, or with another state lets nobody in', async () => {
  const failed = '../../console/?signInProblem=SLUICE-SERVER-19'
  const victim = browserAt(server)
  const attacker = browserAt(server)
  // Somebody has another person's browser finish what he began: it would be signed in as him.
  const his = await signInAt(await leaveFor(attacker), '1', callback)
  expect(await comeBack(victim, his)).toBe(failed)
  await leaveFor(victim)
  expect(await comeBack(victim, his)).toBe(failed)
  expect(victim.cookies.size).toBe(0)
  const browser = browserAt(server)
  const came = await signInAt(await leaveFor(browser), '1', callback)
  const cookie = browser.cookies.get('sluice_sign_in') ?? ''
  await comeBack(browser, came)
  const again = browserAt(server)
  again.cookies.set('sluice_sign_in', cookie)
  expect(await comeBack(again, came)).toBe(failed)
  const refused = browserAt(server)
  await leaveFor(refused)
  const error = new URL(callback)
  error.search = '?error=access_denied&error_description=<script>alert(1)</script>'
  expect(await comeBack(refused, error)).toBe(failed)
})

test('nobody is led to another place by what stands in the address', async () => {
  const browser = browserAt(server)
  const came = await signInAt(await leaveFor(browser, '//evil.example/x'), '1', callback)
  expect(await comeBack(browser, came)).toBe('../../console/')
})

test('a provider that is away, or knows another secret, is a problem that the console tells of', async () => {
  const away = await serveWith('x', 'http://127.0.0.1:1')
  const { headers } = await ask(away, begin, { redirect: 'manual' })
  expect(headers.get('location')).toBe('../console/?signInProblem=SLUICE-SERVER-19')
  expect(harness.logged.join('')).toContain('the provider http://127.0.0.1:1 cannot be used')
  const none = await harness.serve({}, { synchronizes: false })
  expect(await ask(none, begin)).toMatchObject({ status: 404 })
  expect(harness.logged.join('')).not.toContain('a secret of the client')
})
