/**
 * Roots of a graph at the command line, and what `explain` shows of them: with the repository here, and through a server.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'
import { type HereAndThere, hereAndThere } from '../test/here-and-there.ts'

const configuration = `repository: ./repository
entityTypes:
  Computer: {display: Name, properties: {SyncKey: string, Name: string}}
  Subnet: {display: Name, properties: {SyncKey: string, Name: string}}
associations:
  InSubnet: {from: Computer, to: Subnet}
sources:
  discovery:
    thresholds: off
    graph: {files: graph.jsonl, modules: maps}
`

/** @param more A statement in line 17, behind all others. */
const module = (more = '') => `tpl 1.19 module Demo.Hosts;
syncmapping Hosts 1.0
  """Hosts and their subnets."""
  overview tags Demo; end overview;
  mapping on Host as host
    computer -> Computer;
    traverse DeviceOnSubnet:In:Subnet:Network as net
      subnet -> Subnet;
    end traverse;
  end mapping;
  body
    computer := sync.Computer(key := host.key, Name := host.name);
    for each net do
      subnet := sync.shared.Subnet(key := net.key, Name := net.cidr);
      sync.rel.InSubnet(Source := computer, Destination := subnet);
    end for;
    ${more}
  end body;
end syncmapping;
`

const graph = `{"id":"h1","kind":"Host","attrs":{"key":"H1","name":"alpha"}}
{"id":"h2","kind":"Host","attrs":{"key":"H2","name":"beta"}}
{"id":"n1","kind":"Network","attrs":{"key":"N1","cidr":"10.0.0.0/24"}}
{"from":"h1","fromRole":"DeviceOnSubnet","kind":"In","toRole":"Subnet","to":"n1"}
{"from":"h2","fromRole":"DeviceOnSubnet","kind":"In","toRole":"Subnet","to":"n1"}
`

function fill(folder: string): void {
  mkdirSync(join(folder, 'maps'))
  writeFileSync(join(folder, 'maps', 'hosts.tpl'), module())
  writeFileSync(join(folder, 'graph.jsonl'), graph)
  writeFileSync(join(folder, 'sluice.yaml'), configuration)
}

let place: HereAndThere
beforeEach(async () => {
  place = await hereAndThere('roots', fill)
})
afterEach(() => place[Symbol.asyncDispose]())

describe.each([
  ['here', undefined],
  ['through a server', 'admin'],
] as const)('%s', (_, role) => {
  const sluice = (...args: readonly string[]) => place.caller(role)(...args)
  beforeEach(() => sluice('sync', 'discovery', '--quiet'))

  test('a resource is explained by the statements that made it, and by its root', async () => {
    const { stdout, stderr } = await sluice('explain', 'Computer', 'H1')
    expect(stderr).toBe('')
    expect(stdout).toContain(`Made by root Host h1 of discovery:
  property  value    mapping  at
  Name      "alpha"  Hosts    maps/hosts.tpl:12:48
  link                              mapping  at
  InSubnet Computer/H1 → Subnet/N1  Hosts    maps/hosts.tpl:15:7`)
    const shared = await sluice('explain', 'Subnet', '10.0.0.0/24')
    expect(shared.stdout).toContain('Made by 2 roots (Host h1, Host h2) of discovery:')
    const { replicas } = JSON.parse((await sluice('explain', 'Subnet', 'N1', '--json')).stdout)
    expect(replicas[0].made).toMatchObject({
      owners: 2,
      attributes: [{ property: 'Name', root: 'h2', by: { file: 'maps/hosts.tpl', line: 14, column: 52 } }],
    })
  })

  test('roots are listed as a table, as JSON and as CSV', async () => {
    expect((await sluice('roots', 'discovery')).stdout).toBe(
      'root  kind  CIs  links  failed since  for how long  why\nh1    Host    2      1\nh2    Host    2      1\n',
    )
    expect(JSON.parse((await sluice('roots', 'discovery', '--limit', '1', '--json')).stdout)).toEqual([
      { root: 'h1', kind: 'Host', cis: 2, links: 1, failure: null },
    ])
    expect((await sluice('roots', 'discovery', '--csv')).stdout).toBe(
      'root,kind,cis,links,problem,nature,message,file,line,column,sinceRun\nh1,Host,2,1,,,,,,,\nh2,Host,2,1,,,,,,,\n',
    )
    expect(await sluice('roots', 'discovery', '--failed')).toMatchObject({
      status: 0,
      stderr: 'discovery has no root that failed.\n',
    })
  })

  test('a root shows what it gives; its graph is what `mapping run` reads', async () => {
    const { stdout } = await sluice('roots', 'show', 'discovery', 'h1')
    expect(stdout).toMatch(/Subnet +Subnet\/N1 +h2$/m)
    const { folder } = place.placeOf(role)
    writeFileSync(
      join(folder, 'h1.json'),
      (await sluice('roots', 'show', 'discovery', 'h1', '--graph')).stdout,
    )
    const run = await callCommandLine(folder, [
      'mapping',
      'run',
      'maps',
      '--graph',
      'h1.json',
      '--root',
      'h1',
      '--json',
    ])
    expect(JSON.parse(run.stdout)).toMatchObject({ cis: [{ class: 'Computer', key: 'H1' }, { key: 'N1' }] })
    expect(await sluice('roots', 'show', 'discovery', 'h9')).toMatchObject({
      status: 1,
      stderr: 'error SLUICE-USAGE-06: discovery has no root "h9" in its graph.\n→ sluice roots discovery\n',
    })
  })

  test('roots are evaluated anew without an export, as a plan or for good', async () => {
    const nothing = await sluice('roots', 'evaluate', 'discovery', '--failed')
    expect(nothing).toMatchObject({ status: 0, stdout: 'No root of discovery has failed.\n' })
    const plan = await sluice('roots', 'evaluate', 'discovery', 'h1', '--dry-run')
    expect(plan.stdout).toContain('1 root evaluated.')
    expect(plan.stdout).toContain('sluice roots evaluate discovery h1')
    const done = JSON.parse(
      (await sluice('roots', 'evaluate', 'discovery', '--all', '--reason', 'to be sure', '--json')).stdout,
    )
    expect(done).toMatchObject({ cause: 'decision', state: 'applied', comment: 'to be sure' })
    expect(await sluice('roots', 'evaluate', 'discovery', 'h1', '--all')).toMatchObject({ status: 2 })
    expect((await sluice('roots', 'evaluate', 'discovery', 'h9')).stderr).toContain(
      'error SLUICE-ROOT-01: discovery has no node "h9".',
    )
  })
})

test('what failed is named, and mended without an export', async () => {
  const sluice = place.caller(undefined)
  await sluice('sync', 'discovery', '--quiet')
  const edit = (more: string) => writeFileSync(join(place.here, 'maps', 'hosts.tpl'), module(more))
  edit('computer.Name := host.name.first;')
  const failed = await sluice('roots', 'evaluate', 'discovery', 'h1')
  expect(failed.stdout).toContain(
    '1 root evaluated, of which 1 failed: its previous results are kept. `sluice roots discovery --failed` lists them.',
  )
  const { run } = JSON.parse((await sluice('runs', '--json', '--limit', '1')).stdout)[0]
  expect((await sluice('roots', 'discovery', '--failed')).stdout).toContain(
    `${run}  unknown       maps/hosts.tpl:17:32: NO_ATTRIBUTES: There is no attribute first, for this is text.`,
  )
  expect((await sluice('explain', 'Computer', 'H1')).stdout).toContain(
    `failed since run ${run}, so that it is as it was before: h1: maps/hosts.tpl:17:32`,
  )
  edit('computer.Name := text.upper(host.name);')
  expect((await sluice('explain', 'Computer', 'H1')).stdout).toContain(
    '"alpha", now "ALPHA"  Hosts    maps/hosts.tpl:17:14 over maps/hosts.tpl:12:48 (Hosts)',
  )
  await sluice('roots', 'evaluate', 'discovery', '--failed')
  expect((await sluice('roots', 'discovery', '--failed')).stderr).toBe('discovery has no root that failed.\n')
  expect((await sluice('explain', 'Computer', 'ALPHA')).stdout).toContain('"ALPHA"')
})

test('a server counts the roots that failed, and lets nobody evaluate who may only read', async () => {
  await place.caller('admin')('sync', 'discovery', '--quiet')
  const { SLUICE_SERVER: server, SLUICE_TOKEN: secret } = place.environmentOf('admin')
  writeFileSync(join(place.there, 'maps', 'hosts.tpl'), module('computer.Name := host.name.first;'))
  const headers = { authorization: `Bearer ${secret}` }
  expect(await fetch(`${server}/api/v1/configuration/reload`, { method: 'POST', headers })).toMatchObject({
    ok: true,
  })
  await place.caller('admin')('roots', 'evaluate', 'discovery', '--all')
  expect(await (await fetch(`${server}/metrics`, { headers })).text()).toContain(
    'sluice_failed_roots{source="discovery"} 2',
  )
  const viewer = place.caller('viewer')
  expect((await viewer('roots', 'evaluate', 'discovery', '--failed')).stderr).toContain(
    'does not permit this',
  )
  expect((await viewer('roots', 'discovery', '--failed', '--csv')).stdout).toContain('NO_ATTRIBUTES')
})
