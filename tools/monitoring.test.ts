/**
 * docs/monitoring.md and docs/operations: what they name is what a running server and an agent answer.
 *
 * `npx vitest run tools/monitoring.test.ts --update` writes the tables of metrics anew.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAgentMetrics } from '../packages/cli/src/probes/agent-metrics.ts'
import { createServerHarness, decided, deliver } from '../packages/server/test/server-harness.ts'

const folder = fileURLToPath(new URL('../docs/operations/', import.meta.url))
const read = (name: string) => readFileSync(`${folder}${name}`, 'utf8')
const expositions = { server: '', agent: '' }
const places = new AsyncDisposableStack()

beforeAll(async () => {
  const harness = places.use(await createServerHarness())
  const server = await harness.serve()
  const { agent, viewer } = harness.secrets
  await decided(server, agent, (await deliver(server, agent, 'hr', ['ada'])).id)
  const answer = await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${viewer}` } })
  expositions.server = await answer.text()
  const metrics = createAgentMetrics('0.0.0', async () => new Map())
  metrics.jobBegan('nightly')
  metrics.jobEnded({ job: 'nightly', state: 'done', milliseconds: 1 })
  expositions.agent = await metrics.text()
})
afterAll(() => places.disposeAsync())

interface Metric {
  readonly name: string
  readonly type: string
  readonly help: string
}

function metricsIn(text: string): readonly Metric[] {
  const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]))
  return [...text.matchAll(/^# HELP (sluice_\S+) (.+)$/gm)]
    .map(([, name = '', help = '']) => ({ name, help, type: types.get(name) ?? '' }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

const all = () => [...metricsIn(expositions.server), ...metricsIn(expositions.agent)]

/** Names of samples: a histogram has three of each. */
function sampleNames(): ReadonlySet<string> {
  return new Set(
    all().flatMap(({ name, type }) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
    ),
  )
}

function tables(): string {
  const rows = (metrics: readonly Metric[]) =>
    metrics.map(({ name, type, help }) => `| \`${name}\` | ${type} | ${help} |`).join('\n')
  const head = '| metric | type | what it says |\n| --- | --- | --- |\n'
  return `Of a server:\n\n${head}${rows(metricsIn(expositions.server))}\n\nOf an agent:\n\n${head}${rows(metricsIn(expositions.agent))}\n`
}

test('docs/monitoring.md has a line for every metric', async () => {
  const path = fileURLToPath(new URL('../docs/monitoring.md', import.meta.url))
  const page = readFileSync(path, 'utf8')
  const made = page.replace(
    /(<!-- The tables are made of .* -->\n)[\s\S]*?(<!-- End of the tables -->)/,
    (_, begin: string, end: string) => `${begin}\n${tables()}\n${end}`,
  )
  await expect(made).toMatchFileSnapshot(path)
})

describe('a metric', () => {
  test('is named as Prometheus wants it, with its unit at the end', () => {
    for (const { name, type } of all()) {
      expect(name).toMatch(/^sluice_[a-z]+(_[a-z]+)*$/)
      expect(`${type} ${name.endsWith('_total')}`).toBe(`${type} ${type === 'counter'}`)
      if (name.includes('timestamp')) expect(name).toMatch(/_timestamp_seconds$/)
    }
  })

  test('has no label whose values nobody bounds', () => {
    const labels = new Set([...expositions.server.matchAll(/[{,]([a-z_]+)="/g)].map(([, label]) => label))
    for (const unbounded of ['run', 'delivery', 'message', 'key', 'path', 'url'])
      expect(labels).not.toContain(unbounded)
  })
})

/** Every name of ours in the expressions. */
function namesIn(text: string): readonly string[] {
  return [...new Set(text.match(/\bsluice_[a-z_]+/g))]
}

describe.each([
  ['alert rules', 'sluice.rules.yml'],
  ['dashboard', 'sluice-dashboard.json'],
])('the %s', (_, file) => {
  test('name only metrics that there are', () => {
    const names = namesIn(read(file))
    expect(names.length).toBeGreaterThan(10)
    const known = sampleNames()
    expect(names.filter((name) => !known.has(name))).toEqual([])
  })
})

test('what must not be missed has an alert, and every alert is on trial', () => {
  const alerts = [...read('sluice.rules.yml').matchAll(/alert: (\w+)/g)].map(([, name]) => name)
  for (const name of ['SluiceSourceFailing', 'SluiceSourceLate', 'SluiceRunHeld', 'SluiceJobFailed'])
    expect(alerts).toContain(name)
  const tried = [...read('sluice.rules.test.yml').matchAll(/alertname: (\w+)/g)].map(([, name]) => name)
  expect(tried.filter((name) => !alerts.includes(name))).toEqual([])
})

/** Of Debian's `prometheus`. */
const promtool = (args: readonly string[], input?: string) =>
  spawnSync('promtool', args, { cwd: folder, encoding: 'utf8', input })
const hasPromtool = promtool(['--version']).status === 0

describe.runIf(hasPromtool)('promtool', () => {
  test.each([
    ['check', 'rules', 'sluice.rules.yml'],
    ['test', 'rules', 'sluice.rules.test.yml'],
  ])('%s %s %s', (...args) => {
    const { status, stdout, stderr } = promtool(args)
    expect({ status, said: `${stdout}${stderr}` }).toMatchObject({ status: 0 })
  })

  test.each(['server', 'agent'] as const)('reads what a running %s answers', (face) => {
    const { status, stderr } = promtool(['check', 'metrics'], expositions[face])
    // 3: it only has advice, about names of Node's own metrics.
    const ours = stderr.split('\n').filter((line) => line.startsWith('sluice_'))
    expect({ ours, readable: status === 0 || status === 3 }).toEqual({ ours: [], readable: true })
  })
})
