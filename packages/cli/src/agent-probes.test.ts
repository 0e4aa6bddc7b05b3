/**
 * What an agent says of itself to whoever watches it.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../../test/free-port.ts'
import { callCommandLine } from '../test/call-command-line.ts'
import { moveToServer } from '../test/move-to-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-agent-probes-'))
const places = new AsyncDisposableStack()

const yaml = `repository: ./repository
entityTypes:
  Person: {properties: {no: string, name: string}}
  Badge: {properties: {code: string}}
sources:
  hr: {entities: {Person: {file: people.csv, key: no, properties: {no: no, name: name}}}}
  doors: {entities: {Badge: {file: badges.csv, key: code, properties: {code: code}}}}
jobs:
  often: {schedule: "* * * * * *", steps: [{name: people, sync: hr}]}
  broken: {schedule: "* * * * * *", steps: [{name: badges, sync: doors}]}
`

beforeAll(async () => {
  writeFileSync(join(folder, 'sluice.yaml'), yaml)
  writeFileSync(join(folder, 'people.csv'), 'no,name\n1,Ada\n')
  places.use(await moveToServer(folder))
})
afterAll(async () => {
  await places.disposeAsync()
  rmSync(folder, { recursive: true, force: true })
})

/** An agent that answers probes; \`ask\` until it answers so. */
async function agent(args: readonly string[], work: (url: string) => Promise<void>) {
  const stop = new AbortController()
  let url: string | undefined
  const ended = callCommandLine(folder, ['agent', '--log-format', 'json', ...args], {
    signal: stop.signal,
    onStderr: (text) => {
      url ??= /"url":"([^"]+)"/.exec(text)?.[1]
    },
  })
  try {
    while (url === undefined)
      await Promise.race([sleep(25), ended.then(({ stderr }) => expect(stderr).toBe(''))])
    await work(url)
  } finally {
    stop.abort()
    await ended
  }
}

const get = async (url: string) => {
  const answer = await fetch(url)
  return { status: answer.status, text: await answer.text() }
}

async function until<T>(ask: () => Promise<T>, wanted: (found: T) => boolean): Promise<T> {
  for (;;) {
    const found = await ask()
    if (wanted(found)) return found
    await sleep(50)
  }
}

test('an agent is alive and ready, and counts its jobs and what failed in them', async () => {
  await agent(['--probes', '127.0.0.1:0'], async (url) => {
    expect(await get(`${url}/health`)).toEqual({ status: 200, text: '{"status":"alive"}' })
    expect(await get(`${url}/ready`)).toEqual({ status: 200, text: '{"status":"ready"}' })
    expect(await get(`${url}/`)).toMatchObject({ status: 404 })
    const { text } = await until(
      () => get(`${url}/metrics`),
      (found) =>
        found.text.includes('sluice_agent_job_seconds_count{job="often",state="done"}') &&
        found.text.includes('sluice_agent_failures_total{source="doors",code="SLUICE-EXPORT-01"}'),
    )
    expect(text).toMatch(/^sluice_agent_job_done_timestamp_seconds\{job="often"\} \d+/m)
    expect(text).toMatch(/^sluice_agent_next_start_timestamp_seconds\{source="hr"\} \d+/m)
    expect(text).toMatch(/^sluice_agent_deliveries_waiting\{source="hr"\} 0$/m)
  })
})

test('an agent whose server is away is not ready, and says so in its metrics', async () => {
  const away = join(folder, 'away')
  mkdirSync(away)
  writeFileSync(
    join(away, 'sluice.yaml'),
    `${yaml}agent: {server: "http://127.0.0.1:${await freePort()}", token: slc_none, retryFor: 1s}\n`,
  )
  writeFileSync(join(away, 'people.csv'), 'no,name\n1,Ada\n')
  await agent(['--project', away, '--probes', '127.0.0.1:0'], async (url) => {
    const { text } = await until(
      () => get(`${url}/ready`),
      ({ status }) => status === 503,
    )
    expect(text).toBe('{"status":"not ready","reason":"the server does not answer"}')
    expect((await get(`${url}/metrics`)).text).toMatch(/^sluice_agent_server_reachable 0$/m)
  })
})

test('an address that is none, or is taken, is refused before anything begins', async () => {
  expect(await callCommandLine(folder, ['agent', '--probes', 'everywhere'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('"everywhere" is not an address to listen at.'),
  })
  await agent(['--probes', '127.0.0.1:0'], async (url) => {
    expect(await callCommandLine(folder, ['agent', '--probes', new URL(url).host])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('SLUICE-AGENT-01'),
    })
  })
})
