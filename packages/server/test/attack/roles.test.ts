/**
 * Every route × every role × every method, as the framework has them: who may is a table that a reviewer reads.
 */
import { roles } from '@sluice/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningServer } from '../../src/index.ts'
import { ask, type Browser, createServerHarness, type ServerHarness, signedIn } from '../server-harness.ts'
import { addressOf, emptyBody, isAt, methods, routesOf, type TabledRoute } from './route-requests.ts'

let harness: ServerHarness
let server: RunningServer
let routes: readonly TabledRoute[]

beforeAll(async () => {
  harness = await createServerHarness()
  const { limits } = harness.configuration.server
  server = await harness.serve({ limits: { ...limits, requestsPerMinute: 100_000 } }, { synchronizes: false })
  routes = routesOf(harness)
})
afterAll(() => harness[Symbol.asyncDispose]())

async function statusOf(method: string, url: string, token?: string): Promise<number> {
  return (await ask(server, addressOf(url), { ...emptyBody(method), method, token })).status
}

test('who may ask what: each route with each role, and with no token', async () => {
  const who = ['nobody', ...roles] as const
  const lines: string[] = []
  for (const { method, url } of routes) {
    // Whoever administers may have the configuration read again, which the harness has none of.
    const outcomes: string[] = []
    for (const one of who) {
      const status = await statusOf(method, url, one === 'nobody' ? undefined : harness.secrets[one])
      expect(status, `${method} ${url} by ${one}`).toBeLessThan(500)
      outcomes.push(status === 401 || status === 403 ? String(status) : 'yes')
    }
    lines.push(
      [`${method} ${url}`.padEnd(60), ...outcomes.map((outcome) => outcome.padEnd(9))].join('').trimEnd(),
    )
  }
  const title = ['request'.padEnd(60), ...who.map((one) => one.padEnd(9))].join('').trimEnd()
  await expect(`${[title, ...lines.sort()].join('\n')}\n`).toMatchFileSnapshot('who-may-what.txt')
})

test('a browser that is signed in may what its role may: each route, but for those that end its session', async () => {
  const browsers = new Map<string, Browser>()
  for (const role of roles) browsers.set(role, await signedIn(server, { token: harness.secrets[role] }))
  for (const { method, url } of routes.filter(
    (one) => !(one.method === 'DELETE' && one.url === '/api/v1/session'),
  )) {
    for (const role of roles) {
      const path = addressOf(url)
      const byCookie = await browsers.get(role)?.ask(path, { ...emptyBody(method), method })
      expect(isRefused(byCookie?.status), `${method} ${url} by ${role}`).toBe(
        isRefused(await statusOf(method, url, harness.secrets[role])),
      )
      expect(byCookie?.status, `${method} ${url} by ${role}`).toBeLessThan(500)
    }
  }
})

function isRefused(status: number | undefined): boolean {
  return status === 401 || status === 403
}

test('whatever changes something is refused to a page of somebody else, whoever is signed in', async () => {
  const browser = await signedIn(server, { token: harness.secrets.admin })
  const foreign = { status: 403, body: { code: 'SLUICE-SERVER-18' } }
  for (const { method, url } of routes.filter((one) => one.url.startsWith('/api/') && one.method !== 'GET')) {
    const init = { ...emptyBody(method), method }
    for (const headers of [
      { 'x-sluice-console': '' },
      { 'x-sluice-console': '1', 'sec-fetch-site': 'same-site' },
      { 'x-sluice-console': '1', 'sec-fetch-site': 'cross-site' },
    ]) {
      const answer = await browser.ask(addressOf(url), { ...init, headers })
      // Signing in is refused for what it brings, before anybody looks at from where it comes.
      if (method === 'POST' && url === '/api/v1/session') expect(answer.status).toBe(400)
      else expect(answer, `${method} ${url}`).toMatchObject(foreign)
    }
  }
  expect(await browser.ask('/api/v1/session')).toMatchObject({ status: 200 })
})

test('nothing changes the token store, the sources or a run for whoever may not', async () => {
  // The table above was asked with bodies that hold nothing; what is refused before its body is looked at stays refused with a good one.
  const body = JSON.stringify({ name: 'mallory', role: 'admin' })
  const headers = { 'content-type': 'application/json' }
  for (const role of roles.filter((one) => one !== 'admin')) {
    const token = harness.secrets[role]
    const answer = await ask(server, '/api/v1/tokens', { method: 'POST', token, body, headers })
    expect(answer).toMatchObject({ status: 403, body: { code: 'SLUICE-SERVER-02' } })
  }
})

test('a method that an address does not have is answered with those that it has, to whoever asks', async () => {
  for (const url of new Set(routes.map((one) => one.url))) {
    const there = routes.filter((one) => isAt(one, addressOf(url))).map(({ method }) => method)
    for (const method of methods.filter((one) => !there.includes(one))) {
      const answer = await ask(server, addressOf(url), { ...emptyBody(method), method })
      const about = `${method} ${url}`
      expect(answer.status, about).toBe(405)
      expect(answer.headers.get('allow')?.split(', '), about).toEqual(expect.arrayContaining(there))
      if (method !== 'HEAD') expect(answer.body, about).toMatchObject({ code: 'SLUICE-SERVER-15' })
    }
  }
})

test('every method at an address that is none is not found', async () => {
  for (const method of methods)
    expect((await ask(server, '/api/v1/nowhere/at/all', { ...emptyBody(method), method })).status).toBe(404)
})
