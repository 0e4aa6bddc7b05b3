/**
 * Graph sources: what a repository holds of a graph that is delivered, whole or change by change.
 */
import { linkTable } from '@sluice/repository'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runsOf } from '../../../../test/thoroughness.ts'
import '../../../../test/property-seed.ts'
import { describeWithEngine, type EngineHarness, servers } from '../../../engine/test/engine-harness.ts'
import {
  changesBetween,
  contentsOf,
  evaluateSample,
  type Given,
  graphConfiguration,
  graphModules,
  type SampleGraph,
  type SampleNode,
  type SampleRelationship,
  shown,
  tablesOf,
} from '../../../engine/test/sample-graph.ts'

const classes = ['BMC_ComputerSystem', 'BMC_SoftwareServer', 'BMC_IPConnectivitySubnet']
const relationships = ['BMC_HostedSystemComponents', 'BMC_InIPSubnet', 'BMC_Dependency']

/** What the repository holds, as the model says it. */
async function contents(harness: EngineHarness): Promise<readonly string[]> {
  const found: string[] = []
  const names = new Map<string, string>()
  for (const type of classes) {
    for await (const { resourceId, values } of harness.repository.resources(type)) {
      const { SyncKey, ...fields } = values
      names.set(resourceId, String(SyncKey))
      found.push(shown(String(SyncKey), fields))
    }
  }
  for (const association of relationships) {
    const links = await harness.rows<{ from_id: string; to_id: string; name?: string; has_impact: string }>(
      `select * from ${linkTable(association)}`,
    )
    for (const { from_id, to_id, name, has_impact } of links) {
      const ends = `${names.get(String(from_id))} > ${names.get(String(to_id))}`
      found.push(shown(`${association} ${ends}`, { Name: name ?? null, HasImpact: has_impact }))
    }
  }
  return found.sort()
}

const host = (id: string, attributes: SampleNode['attributes'] = {}): SampleNode => ({
  id,
  kind: 'Host',
  attributes: { key: id.toUpperCase(), name: `host ${id}`, ...attributes },
})
const software = (id: string, version = '1'): SampleNode => ({
  id,
  kind: 'SoftwareInstance',
  attributes: { key: id.toUpperCase(), name: id, version },
})
const subnet = (id: string): SampleNode => ({
  id,
  kind: 'Subnet',
  attributes: { key: id.toUpperCase(), name: id },
})
const chassis = (id: string, model = 'M'): SampleNode => ({ id, kind: 'Chassis', attributes: { model } })

const runs = (from: string, to: string): SampleRelationship => ({
  from,
  fromRole: 'Host',
  kind: 'HostedSoftware',
  toRole: 'RunningSoftware',
  to,
})
const isIn = (from: string, to: string): SampleRelationship => ({
  from,
  fromRole: 'DeviceOnSubnet',
  kind: 'In',
  toRole: 'Subnet',
  to,
})
const needs = (from: string, to: string): SampleRelationship => ({
  from,
  fromRole: 'Dependant',
  kind: 'DependsOn',
  toRole: 'Provider',
  to,
})
/** Told from the other end. */
const holds = (from: string, to: string): SampleRelationship => ({
  from,
  fromRole: 'HostContainer',
  kind: 'HostContainment',
  toRole: 'ContainedHost',
  to,
})

const first: SampleGraph = {
  nodes: [
    host('h1', { note: 'first' }),
    host('h2'),
    software('s1'),
    software('s2'),
    subnet('n1'),
    chassis('c1'),
  ],
  relationships: [
    runs('h1', 's1'),
    runs('h2', 's2'),
    isIn('h1', 'n1'),
    isIn('h2', 'n1'),
    needs('h1', 'h2'),
    holds('c1', 'h1'),
  ],
}

function without(graph: SampleGraph, ...ids: readonly string[]): SampleGraph {
  return {
    nodes: graph.nodes.filter(({ id }) => !ids.includes(id)),
    relationships: graph.relationships.filter(({ from, to }) => !ids.includes(from) && !ids.includes(to)),
  }
}

function withNode(graph: SampleGraph, node: SampleNode): SampleGraph {
  return { ...graph, nodes: [...graph.nodes.filter(({ id }) => id !== node.id), node] }
}

interface Step {
  readonly graph: SampleGraph
  readonly mode: 'complete' | 'incremental'
}

/** Delivers graphs one after the other, and holds the repository to the model. */
async function deliverAll(harness: EngineHarness, steps: readonly Step[]): Promise<void> {
  await harness.begin(graphConfiguration, graphModules)
  let given: Given = new Map()
  let before: SampleGraph = { nodes: [], relationships: [] }
  for (const [index, { graph, mode }] of steps.entries()) {
    const incremental = mode === 'incremental' && index > 0
    const tables = incremental ? changesBetween(before, graph) : tablesOf(graph)
    await harness.deliver('discovery', tables, { mode: incremental ? 'incremental' : 'complete' })
    given = evaluateSample(graph, given)
    before = graph
    expect(await contents(harness)).toEqual(contentsOf(given))
  }
}

const ids = {
  hosts: ['h1', 'h2', 'h3', 'h4'],
  software: ['s1', 's2', 's3'],
  subnets: ['n1', 'n2'],
  chassis: ['c1', 'c2'],
}
const of = (names: readonly string[]) => fc.constantFrom(...names)
const text = fc.constantFrom('a', 'b', "it's", '"q", \\')

const anyNode: fc.Arbitrary<SampleNode> = fc.oneof(
  fc
    .record({
      id: of(ids.hosts),
      name: text,
      note: text,
      keyless: fc.integer({ min: 0, max: 7 }),
      gone: fc.integer({ min: 0, max: 9 }),
    })
    .map(({ id, name, note, keyless, gone }) => ({
      id,
      kind: 'Host',
      attributes: { ...(keyless === 0 ? {} : { key: id.toUpperCase() }), name, note },
      destroyed: gone === 0,
    })),
  fc.tuple(of(ids.software), text).map(([id, version]) => software(id, version)),
  of(ids.subnets).map(subnet),
  fc.tuple(of(ids.chassis), text).map(([id, model]) => chassis(id, model)),
)
const anyRelationship: fc.Arbitrary<SampleRelationship> = fc.oneof(
  fc.tuple(of(ids.hosts), of(ids.software)).map(([a, b]) => runs(a, b)),
  fc.tuple(of(ids.hosts), of(ids.subnets)).map(([a, b]) => isIn(a, b)),
  fc.tuple(of(ids.hosts), of(ids.hosts)).map(([a, b]) => needs(a, b)),
  fc.tuple(of(ids.chassis), of(ids.hosts)).map(([a, b]) => holds(a, b)),
)
const anyGraph: fc.Arbitrary<SampleGraph> = fc.record({
  nodes: fc.uniqueArray(anyNode, { minLength: 5, maxLength: 9, selector: ({ id }) => id }),
  relationships: fc.uniqueArray(anyRelationship, {
    minLength: 5,
    maxLength: 10,
    selector: (one) => JSON.stringify(one),
  }),
})
/** Mostly a change of a few things, as systems change. */
const anyStep = fc.record({
  graph: anyGraph,
  isNew: fc.integer({ min: 0, max: 3 }).map((number) => number === 0),
  gone: fc.array(of(Object.values(ids).flat()), { maxLength: 2 }),
  /** Which relationship goes alone, if there are so many. */
  cut: fc.nat(6),
  node: anyNode,
  relationship: anyRelationship,
  mode: fc.constantFrom('complete' as const, 'incremental' as const, 'incremental' as const),
})

describeWithEngine('a graph source', (harness) => {
  test('makes resources and links of its roots, and changes what changes make different', async () => {
    await deliverAll(harness, [
      { graph: first, mode: 'complete' },
      { graph: withNode(first, software('s2', '2')), mode: 'incremental' },
      { graph: withNode(first, chassis('c1', 'other')), mode: 'incremental' },
      { graph: first, mode: 'complete' },
      { graph: { ...first, relationships: first.relationships.slice(1) }, mode: 'incremental' },
    ])
  })

  test('lets go what its last owner no longer has', async () => {
    await deliverAll(harness, [
      { graph: first, mode: 'complete' },
      { graph: without(first, 'h1'), mode: 'incremental' },
      { graph: without(first, 'h1', 'h2'), mode: 'incremental' },
    ])
  })

  test('keeps what a root gave before it failed, and tries it again', async () => {
    const failing = withNode(first, { id: 'h1', kind: 'Host', attributes: { name: 'no key' } })
    await deliverAll(harness, [
      { graph: first, mode: 'complete' },
      { graph: failing, mode: 'incremental' },
      { graph: withNode(failing, software('s2', '3')), mode: 'incremental' },
      { graph: failing, mode: 'complete' },
    ])
    expect(await harness.rows('select root, problem, file, line from sluice_graph_failure')).toEqual([
      { root: 'h1', problem: 'KEY_MISSING', file: 'host.tpl', line: 15 },
    ])
    const report = await harness.deliver('discovery', changesBetween(failing, first), { mode: 'incremental' })
    expect(report.notes).toEqual(['1 root evaluated.'])
    expect(await harness.rows('select root from sluice_graph_failure')).toEqual([])
    expect(await contents(harness)).toEqual(contentsOf(evaluateSample(first, new Map())))
  })

  test('writes nothing when nothing has changed', async () => {
    await deliverAll(harness, [{ graph: first, mode: 'complete' }])
    const versions = async () =>
      await harness.rows(
        [...['node', 'relationship', 'result'].map((name) => `sluice_graph_${name}`), 'bmc_computer_system']
          .map((table) => `select '${table}' as name, max(xmin::text::bigint) as newest from ${table}`)
          .join(' union all '),
      )
    const before = await versions()
    const report = await harness.deliver('discovery', tablesOf(first))
    expect(report.notes).toEqual(['2 roots evaluated.'])
    expect(await versions()).toEqual(before)
  })

  test('keeps nodes and relationships that could not be read', async () => {
    await deliverAll(harness, [{ graph: first, mode: 'complete' }])
    const cut = without(first, 'h1')
    const unreadable = [
      { mapping: 'nodes', fields: ['h1', 'Host'] },
      { mapping: 'relationships', fields: ['h1', 'n1'] },
    ]
    await harness.deliver('discovery', tablesOf(cut), { unreadable })
    const kept = { ...first, relationships: [...cut.relationships, isIn('h1', 'n1')] }
    expect(await contents(harness)).toEqual(contentsOf(evaluateSample(kept, new Map())))
  })

  test('keeps everything where a row could be anything', async () => {
    await deliverAll(harness, [{ graph: first, mode: 'complete' }])
    const unreadable = ['nodes', 'relationships'].map((mapping) => ({
      mapping,
      fields: [],
      anyKey: true as const,
    }))
    await harness.deliver('discovery', tablesOf(without(first, 'h1')), { unreadable })
    expect(await contents(harness)).toEqual(contentsOf(evaluateSample(first, new Map())))
  })

  test('of which a run was held and rejected goes on from what was applied', async () => {
    const held = graphConfiguration.replace('thresholds: off', 'thresholds: {deleted: 0}')
    await harness.begin(held, graphModules)
    await harness.deliver('discovery', tablesOf(first))
    const applied = (
      await harness.rows<{ delivery_id: string }>('select delivery_id from sluice_delivery')
    )[0]
    const fewer = without(first, 'h1')
    const stopped = await harness.deliver('discovery', changesBetween(first, fewer), { mode: 'incremental' })
    expect(stopped.state).toBe('held')
    await harness.engine.reject(stopped.run ?? 0, { by: 'test' })
    const changed = withNode(first, software('s1', '9'))
    await harness.deliver('discovery', changesBetween(first, changed), {
      mode: 'incremental',
      base: applied?.delivery_id,
    })
    expect(await contents(harness)).toEqual(contentsOf(evaluateSample(changed, new Map())))
  })

  test('of which a held run is approved has what that run had found', async () => {
    const held = graphConfiguration.replace('thresholds: off', 'thresholds: {deleted: 0}')
    await harness.begin(held, graphModules)
    await harness.deliver('discovery', tablesOf(first))
    const fewer = without(first, 'h1')
    const stopped = await harness.deliver('discovery', changesBetween(first, fewer), { mode: 'incremental' })
    expect(await contents(harness)).toEqual(contentsOf(evaluateSample(first, new Map())))
    await harness.engine.approve(stopped.run ?? 0, { by: 'test' })
    const back = withNode(fewer, software('s2', '5'))
    await harness.deliver('discovery', changesBetween(fewer, back), { mode: 'incremental' })
    expect(await contents(harness)).toEqual(contentsOf(evaluateSample(back, new Map())))
  })
})

describeWithEngine(
  'a graph source beside another',
  (harness) => {
    test('makes one resource of what both know, by its rules', async () => {
      const [model = '', sources = ''] = graphConfiguration.split('sources:')
      const asset = model.replace('Domain: string,', 'Domain: string, AssetTag: string,')
      const inventory = `
  inventory:
    thresholds: off
    precedence: 10
    entities:
      BMC_ComputerSystem:
        file: assets.csv
        key: AssetTag
        properties: {AssetTag: tag, Name: name, Domain: domain}
        reconciliation: {rules: [[Name]]}`
      const rules = `${sources}    entities:
      BMC_ComputerSystem: {reconciliation: {rules: [[Name]]}}
`
      await harness.begin(`${asset}sources:${inventory}${rules}`, graphModules)
      await harness.deliver('inventory', {
        BMC_ComputerSystem: 'tag,name,domain\nA1,host h1,x.org\nA9,host h9,x.org',
      })
      await harness.deliver('discovery', tablesOf(first))
      const systems = await harness.rows(
        'select asset_tag, sync_key, name, domain from bmc_computer_system order by name',
      )
      expect(systems).toEqual([
        { asset_tag: 'A1', sync_key: 'BMC_ComputerSystem/H1', name: 'host h1', domain: 'x.org' },
        { asset_tag: null, sync_key: 'BMC_ComputerSystem/H2', name: 'host h2', domain: null },
        { asset_tag: 'A9', sync_key: null, name: 'host h9', domain: 'x.org' },
      ])
      const links = `select count(*)::int as count from bmc_in_ip_subnet`
      expect(await harness.rows(links)).toEqual([{ count: 2 }])
      await harness.deliver('discovery', changesBetween(first, without(first, 'h1')), { mode: 'incremental' })
      const left = `select asset_tag from bmc_computer_system where name = 'host h1'`
      expect(await harness.rows(left)).toEqual([{ asset_tag: 'A1' }])
      expect(await harness.rows(links)).toEqual([{ count: 1 }])
    })

    test.each(['complete', 'incremental'] as const)(
      'a host with another key is the resource that it was, where a rule finds it (%s)',
      async (mode) => {
        const rules = `${graphConfiguration}    entities:
      BMC_ComputerSystem: {reconciliation: {rules: [[Name]]}}
`
        await harness.begin(rules, graphModules)
        await harness.deliver('discovery', tablesOf(first))
        const system = `select resource_id, sync_key from bmc_computer_system where name = 'host h1'`
        const [before] = await harness.rows<{ resource_id: string }>(system)
        const rekeyed = withNode(first, host('h1', { key: 'H1-NEW', note: 'first' }))
        const tables = mode === 'complete' ? tablesOf(rekeyed) : changesBetween(first, rekeyed)
        await harness.deliver('discovery', tables, { mode })
        expect(await harness.rows(system)).toEqual([{ ...before, sync_key: 'BMC_ComputerSystem/H1-NEW' }])
        expect(await contents(harness)).toEqual(contentsOf(evaluateSample(rekeyed, new Map())))
        // The right to delete it has gone over, too.
        const gone = without(rekeyed, 'h1')
        await harness.deliver('discovery', changesBetween(rekeyed, gone), { mode: 'incremental' })
        expect(await contents(harness)).toEqual(contentsOf(evaluateSample(gone, new Map())))
      },
    )
  },
  servers,
)

describeWithEngine(
  'any graph',
  (harness) => {
    test('comes to the same change by change as whole', async () => {
      await fc.assert(
        fc.asyncProperty(anyGraph, fc.array(anyStep, { maxLength: 5 }), async (begin, changes) => {
          const steps: Step[] = [{ graph: begin, mode: 'complete' }]
          for (const { graph: whole, isNew, gone, cut, node, relationship, mode } of changes) {
            const last = steps.at(-1)?.graph ?? begin
            const less = { ...last, relationships: last.relationships.filter((_, index) => index !== cut) }
            const next = isNew ? whole : withNode(without(less, ...gone), node)
            const others = next.relationships.filter(
              (one) => JSON.stringify(one) !== JSON.stringify(relationship),
            )
            steps.push({
              graph: { ...next, relationships: [...others, relationship] },
              mode,
            })
          }
          await deliverAll(harness, steps)
        }),
        { numRuns: runsOf(8, 20) },
      )
    }, 240_000)
  },
  servers,
)
