/**
 * Signing in with a password or a token, and all that may not be possible with the session that comes of it.
 */
import { openAccountStore, openTokenStore } from '@sluice/repository'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import type { RunningServer } from '../../src/index.ts'
import { ask, browserAt, createServerHarness, type ServerHarness, signedIn } from '../server-harness.ts'

const password = 'correct horse battery'
let harness: ServerHarness
let server: RunningServer

beforeAll(async () => {
  harness = await createServerHarness()
  server = await harness.serve({ behindProxy: true }, { synchronizes: false })
  const accounts = openAccountStore(harness.repository.database)
  for (const [name, role] of [
    ['ada', 'admin'],
    ['vera', 'viewer'],
    ['otto', 'operator'],
  ] as const)
    await accounts.create({ name, role, password }, 'test')
})
afterAll(() => harness[Symbol.asyncDispose]())

const withSession = z.object({ session: z.object({ id: z.string() }) })
const post = (body: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(body) })
const put = (body: unknown): RequestInit => ({ method: 'PUT', body: JSON.stringify(body) })
const session = '/api/v1/session'
const ended = { status: 401, body: { code: 'SLUICE-SERVER-01', message: 'The session is over.' } }

test('whoever signs in gets a cookie that no script reads and no other site sends, and is who he is until he signs out', async () => {
  const browser = browserAt(server)
  expect(await browser.ask(session)).toMatchObject({ status: 401 })
  const answer = await browser.ask(session, post({ name: 'Vera', password }))
  expect(answer).toMatchObject({
    status: 200,
    body: {
      name: 'vera',
      kind: 'account',
      role: 'viewer',
      permissions: ['follow', 'read'],
      hasPassword: true,
      session: { name: 'vera', address: '127.0.0.1' },
    },
  })
  const [cookie = ''] = answer.headers.getSetCookie()
  expect(cookie).toMatch(/^sluice_session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/)
  expect(JSON.stringify(answer.body)).not.toContain(browser.cookies.get('sluice_session'))
  expect(await browser.ask(session)).toMatchObject({ status: 200, body: { name: 'vera' } })
  expect(await browser.ask('/api/v1/token')).toMatchObject({
    status: 200,
    body: { name: 'vera', role: 'viewer' },
  })
  const stolen = browserAt(server)
  stolen.cookies.set('sluice_session', browser.cookies.get('sluice_session') ?? '')
  expect(await browser.ask(session, { method: 'DELETE' })).toMatchObject({ body: { signedOut: true } })
  expect(browser.cookies.size).toBe(0)
  expect(await stolen.ask(session)).toMatchObject(ended)
})

test('over HTTPS, as a trusted proxy says, the cookie is for this host and encrypted connections alone', async () => {
  const browser = browserAt(server, { 'x-forwarded-proto': 'https' })
  const [cookie = ''] = (await browser.ask(session, post({ name: 'vera', password }))).headers.getSetCookie()
  expect(cookie).toMatch(
    /^__Host-sluice_session=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  )
  expect(await browser.ask(session)).toMatchObject({ status: 200 })
  // A cookie without the prefix may have been set by another host of the domain.
  const secret = browser.cookies.get('__Host-sluice_session') ?? ''
  browser.cookies.clear()
  browser.cookies.set('sluice_session', secret)
  expect(await browser.ask(session)).toMatchObject({ status: 401 })
})

test('a secret that somebody has put into the browser before is not the one of the session that begins', async () => {
  const browser = browserAt(server)
  const planted = 'A'.repeat(43)
  browser.cookies.set('sluice_session', planted)
  await browser.ask(session, post({ name: 'vera', password }))
  expect(browser.cookies.get('sluice_session')).not.toBe(planted)
  const first = browser.cookies.get('sluice_session')
  await browser.ask(session, post({ name: 'vera', password }))
  expect(browser.cookies.get('sluice_session')).not.toBe(first)
  const attacker = browserAt(server)
  attacker.cookies.set('sluice_session', planted)
  expect(await attacker.ask(session)).toMatchObject({ status: 401 })
})

test('a wrong password and an unknown name are answered alike, and more and more slowly', async () => {
  const answers = await Promise.all(
    ['otto', 'nobody-of-this-name'].map((name) =>
      browserAt(server, { 'x-forwarded-for': `10.1.0.${name.length}` }).ask(
        session,
        post({ name, password: 'wrong' }),
      ),
    ),
  )
  for (const answer of answers)
    expect(answer).toMatchObject({ status: 401, body: { code: 'SLUICE-SERVER-16' } })
  expect(answers[0]?.body).toEqual(answers[1]?.body)
  const browser = browserAt(server, { 'x-forwarded-for': '10.2.0.1' })
  const statuses: number[] = []
  for (let tries = 0; tries < 5; tries += 1)
    statuses.push((await browser.ask(session, post({ name: 'otto', password: 'wrong' }))).status)
  expect(statuses).toEqual([401, 401, 401, 401, 429])
  const waiting = await browser.ask(session, post({ name: 'otto', password }))
  expect(waiting).toMatchObject({ status: 429, body: { code: 'SLUICE-SERVER-17' } })
  expect(Number(waiting.headers.get('retry-after'))).toBeGreaterThan(0)
  // From elsewhere the person himself is let in.
  expect(await signedIn(server, { name: 'otto', password })).toBeDefined()
})

test('what is no way to sign in is refused, and a page of somebody else signs nobody in', async () => {
  const browser = browserAt(server)
  for (const body of [{}, { name: 'ada' }, { name: 'ada', password: 'x'.repeat(1001) }, { token: 7 }])
    expect(await browser.ask(session, post(body))).toMatchObject({
      status: 400,
      body: { code: 'SLUICE-SERVER-04' },
    })
  expect(await browser.ask(session, post({ token: `slc_${'A'.repeat(43)}` }))).toMatchObject({
    status: 401,
    body: { code: 'SLUICE-SERVER-16' },
  })
  const foreign = await browser.ask(session, {
    ...post({ name: 'ada', password }),
    headers: { 'x-sluice-console': '' },
  })
  expect(foreign).toMatchObject({ status: 403, body: { code: 'SLUICE-SERVER-18' } })
  expect(browser.cookies.size).toBe(0)
})

test('a session holds at every server of the repository, and no longer than its account or token', async () => {
  const second = await harness.serve({}, { synchronizes: false })
  const tokens = openTokenStore(harness.repository.database)
  const { secret } = await tokens.create({ name: 'short', role: 'viewer', sources: [] }, 'test', [])
  const browser = await signedIn(server, { token: secret })
  const elsewhere = browserAt(second)
  for (const [name, value] of browser.cookies) elsewhere.cookies.set(name, value)
  expect(await elsewhere.ask(session)).toMatchObject({
    body: { name: 'short', kind: 'token', hasPassword: false },
  })
  await tokens.revoke('short')
  expect(await browser.ask(session)).toMatchObject(ended)
  expect(await elsewhere.ask(session)).toMatchObject(ended)
})

test('a disabled account is signed out and not let in, which only whoever knows its password learns', async () => {
  const admin = await signedIn(server, { name: 'ada', password })
  await admin.ask('/api/v1/accounts', post({ name: 'gone', role: 'editor', password }))
  const browser = await signedIn(server, { name: 'gone', password })
  const change = (body: unknown) =>
    admin.ask('/api/v1/accounts/gone', { method: 'PATCH', body: JSON.stringify(body) })
  expect(await change({ disabled: true })).toMatchObject({
    status: 200,
    body: { disabledAt: expect.any(String) },
  })
  expect(await browser.ask(session)).toMatchObject(ended)
  expect(await browserAt(server).ask(session, post({ name: 'gone', password }))).toMatchObject({
    status: 403,
    body: { code: 'SLUICE-ACCOUNT-06' },
  })
  expect(await browserAt(server).ask(session, post({ name: 'gone', password: 'wrong' }))).toMatchObject({
    status: 401,
    body: { code: 'SLUICE-SERVER-16' },
  })
  await change({ disabled: false, role: 'viewer' })
  expect(await (await signedIn(server, { name: 'gone', password })).ask(session)).toMatchObject({
    body: { role: 'viewer' },
  })
})

test('an administrator cannot keep everybody out by the own account; where another one stays, he can leave', async () => {
  const admin = await signedIn(server, { name: 'ada', password })
  const own = '/api/v1/accounts/ada'
  const patch = (body: unknown) => admin.ask(own, { method: 'PATCH', body: JSON.stringify(body) })
  const refused = { status: 409, body: { code: 'SLUICE-ACCOUNT-08' } }
  expect(await patch({ disabled: true })).toMatchObject(refused)
  expect(await patch({ role: 'viewer' })).toMatchObject(refused)
  expect(await admin.ask(own, { method: 'DELETE' })).toMatchObject(refused)
  await admin.ask('/api/v1/accounts', post({ name: 'second', role: 'admin', password }))
  const second = await signedIn(server, { name: 'second', password })
  expect(await second.ask('/api/v1/accounts/second', { method: 'DELETE' })).toMatchObject({ status: 200 })
  expect(await second.ask(session)).toMatchObject({ status: 401 })
  expect(await admin.ask(session)).toMatchObject({ status: 200 })
})

test('who changes his password knows the old one, keeps this browser with another secret, and is signed out elsewhere', async () => {
  const admin = await signedIn(server, { name: 'ada', password })
  await admin.ask('/api/v1/accounts', post({ name: 'pia', role: 'viewer', password }))
  const here = await signedIn(server, { name: 'pia', password })
  const elsewhere = await signedIn(server, { name: 'pia', password })
  const before = here.cookies.get('sluice_session')
  const own = '/api/v1/account/password'
  expect(await here.ask(own, put({ old: 'a wrong one', password: 'another long one' }))).toMatchObject({
    status: 403,
    body: { code: 'SLUICE-ACCOUNT-04' },
  })
  expect(await here.ask(own, put({ old: password, password: 'too short' }))).toMatchObject({ status: 400 })
  expect(await here.ask(own, put({ old: password, password: 'another long one' }))).toMatchObject({
    status: 200,
  })
  expect(here.cookies.get('sluice_session')).not.toBe(before)
  expect(await here.ask(session)).toMatchObject({ status: 200, body: { name: 'pia' } })
  expect(await elsewhere.ask(session)).toMatchObject(ended)
  expect(
    await ask(server, own, { ...put({ old: '', password }), token: harness.secrets.viewer }),
  ).toMatchObject({
    status: 400,
  })
})

test('somebody sees and ends his own sessions, an administrator those of all', async () => {
  const vera = await signedIn(server, { name: 'vera', password })
  const other = await signedIn(server, { name: 'vera', password })
  const admin = await signedIn(server, { name: 'ada', password })
  const idOf = async (browser: typeof vera) => {
    const { body } = await browser.ask(session)
    return withSession.parse(body).session.id
  }
  const own = await vera.ask('/api/v1/sessions')
  expect(JSON.stringify(own.body)).toContain(await idOf(other))
  expect(JSON.stringify(own.body)).not.toContain(await idOf(admin))
  expect(await vera.ask('/api/v1/sessions?all=true')).toMatchObject({ status: 403 })
  expect(JSON.stringify((await admin.ask('/api/v1/sessions?all=true')).body)).toContain(await idOf(other))
  const end = (browser: typeof vera, id: string) =>
    browser.ask(`/api/v1/sessions/${id}`, { method: 'DELETE' })
  expect(await end(vera, await idOf(admin))).toMatchObject({
    status: 404,
    body: { code: 'SLUICE-ACCOUNT-05' },
  })
  expect(await end(vera, await idOf(other))).toMatchObject({ status: 200 })
  expect(await other.ask(session)).toMatchObject(ended)
  expect(await end(admin, await idOf(vera))).toMatchObject({ status: 200 })
  expect(await vera.ask(session)).toMatchObject(ended)
})

test('what a person does is recorded as his, in runs and in the audit log, with who tried what', async () => {
  const admin = await signedIn(server, { name: 'ada', password })
  const made = await admin.ask('/api/v1/resources/Person', post({ number: '7', name: 'Ada' }))
  expect(made).toMatchObject({ status: 201, body: { report: { by: { kind: 'person', name: 'ada' } } } })
  const viewer = await signedIn(server, { name: 'vera', password })
  await viewer.ask('/api/v1/tokens', post({ name: 'mine', role: 'admin' }))
  await browserAt(server, { 'x-forwarded-for': '10.3.0.1' }).ask(
    session,
    post({ name: 'mySecret!', password: 'oops' }),
  )
  const { body } = await admin.ask('/api/v1/audit?limit=3')
  expect(body).toMatchObject({
    entries: [
      { by: null, action: 'signIn', result: 'refused', code: 'SLUICE-SERVER-16', address: '10.3.0.1' },
      {
        by: { kind: 'person', name: 'vera' },
        action: 'createToken',
        subject: '/tokens',
        result: 'refused',
        status: 403,
        code: 'SLUICE-SERVER-02',
      },
      { by: { kind: 'person', name: 'vera' }, action: 'signIn', result: 'done', status: 200, code: null },
    ],
    next: expect.any(Number),
  })
  // What somebody types into the wrong field is nobody's name.
  expect(JSON.stringify((await admin.ask('/api/v1/audit?limit=1000')).body)).not.toContain('mySecret!')
  expect(await admin.ask('/api/v1/audit?who=ada&action=createResource')).toMatchObject({
    body: { entries: [{ subject: '/resources/Person', result: 'done' }], next: null },
  })
  expect(await viewer.ask('/api/v1/audit')).toMatchObject({ status: 403 })
})

test('no password and no secret of a session is ever logged', async () => {
  const browser = await signedIn(server, { name: 'ada', password })
  await browser.ask(session, post({ name: 'ada', password: 'a password in vain' }))
  const log = harness.logged.join('')
  expect(log).toContain('signed in')
  for (const secret of [password, 'a password in vain', browser.cookies.get('sluice_session') ?? 'none'])
    expect(log).not.toContain(secret)
})
