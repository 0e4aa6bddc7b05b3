/**
 * From subgraphs as they are fetched to files of what roots give: here and in threads.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Subgraphs } from '@sluice/engine'
import type { EntityModel } from '@sluice/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MappedClasses } from '../batch/result-rows.ts'
import { type AllResults, evaluateAll } from './evaluate-all.ts'
import type { EvaluatorData } from './evaluator-data.ts'

const text = `tpl 1.15 module T;
syncmapping M 1.0
  "Test."
  overview tags CMDB; end overview;
  mapping on Host as host
    cs -> BMC_ComputerSystem;
    traverse Host:HostedSoftware:RunningSoftware:SoftwareInstance as si
      ss -> BMC_SoftwareServer;
    end traverse;
  end mapping;
  body
    cs := sync.BMC_ComputerSystem(key := host.key, Name := host.name, Size := host.size);
    for each si do
      ss := sync.BMC_SoftwareServer(key := si.key);
      sync.rel.BMC_Dependency(Source := cs, Destination := ss);
    end for;
  end body;
end syncmapping;
`
const string = (name: string) => ({ name, type: 'string' as const, required: false })
const type = (name: string) => ({
  name,
  abstract: false,
  properties: ['SyncKey', 'Name', 'Size'].map(string),
})
const model: EntityModel = {
  entityTypes: new Map(['BMC_ComputerSystem', 'BMC_SoftwareServer'].map((name) => [name, type(name)])),
  associations: new Map([
    [
      'BMC_Dependency',
      {
        name: 'BMC_Dependency',
        from: 'BMC_ComputerSystem',
        to: 'BMC_SoftwareServer',
        cardinality: 'many-to-many',
        properties: [string('HasImpact')],
      },
    ],
  ]),
}
const mapped: MappedClasses = new Map([
  ['BMC_ComputerSystem', { columns: ['SyncKey', 'Name', 'Size'], named: ['SyncKey'] }],
  ['BMC_SoftwareServer', { columns: ['SyncKey'], named: ['SyncKey'] }],
  ['BMC_Dependency', { columns: ['from', 'to', 'HasImpact'], named: ['from', 'to'] }],
])
const data: EvaluatorData = {
  graph: { modules: [{ file: 't.tpl', text }], dataModel: 6, options: {} },
  model,
  mapped,
  ways: [{ way: 1, kind: 'HostedSoftware', fromRole: 'Host', toRole: 'RunningSoftware' }],
  now: 0,
}

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-evaluator-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Each host with a software instance; `attributes`: of the host, as JSON. */
function batch(number: number, attributes = `{"key":"H${number}","name":"h"}`): Subgraphs {
  const nodes = [
    `[${number},"host ${number}","Host",false,${attributes}]`,
    `[${number + 1000},"si ${number}","SoftwareInstance",false,{"key":"S${number}"}]`,
  ]
  const edges = [`[1,${number},${number + 1000},1,{}]`]
  return { nodes: `[${nodes.join(',')}]`, edges: `[${edges.join(',')}]`, roots: [number] }
}

async function evaluate(batches: readonly Subgraphs[], of = data) {
  async function* all() {
    yield* batches
  }
  const results: AllResults = await evaluateAll(of, all(), { folder, onRoots: () => undefined })
  const files = [...results.files].map(([name, path]) => [name, readFileSync(path, 'utf8')] as const)
  return { ...results, files: Object.fromEntries(files) }
}

test('gives a file for each mapping, with the root of each row', async () => {
  const { files, roots, failed } = await evaluate([batch(1)])
  expect({ roots, failed }).toEqual({ roots: 1, failed: [] })
  expect(files).toEqual({
    BMC_ComputerSystem: '"host 1","BMC_ComputerSystem/H1","h",\n',
    BMC_SoftwareServer: '"host 1","BMC_SoftwareServer/S1"\n',
    BMC_Dependency: '"host 1","BMC_ComputerSystem/H1","BMC_SoftwareServer/S1","No"\n',
  })
})

test('gives the same in threads, batch after batch', async () => {
  const { files, roots } = await evaluate([1, 2, 3, 4, 5, 6, 7].map((number) => batch(number)))
  expect(roots).toBe(7)
  expect(files['BMC_ComputerSystem']).toBe(
    [1, 2, 3, 4, 5, 6, 7].map((n) => `"host ${n}","BMC_ComputerSystem/H${n}","h",\n`).join(''),
  )
})

test('keeps numbers exact, tells empty from absent, and quotes what has to be', async () => {
  const attributes = '{"key":"a \\"b\\", c","name":"","size":12345678901234567890}'
  const { files } = await evaluate([batch(1, attributes)])
  expect(files['BMC_ComputerSystem']).toBe(
    '"host 1","BMC_ComputerSystem/a ""b"", c","","12345678901234567890"\n',
  )
})

test('has failed roots give nothing, with the place and the problem of each', async () => {
  const { files, failed } = await evaluate([batch(1, '{"name":"no key"}'), batch(2), batch(3)])
  expect(failed).toMatchObject([
    { root: 'host 1', kind: 'Host', problem: 'KEY_MISSING', file: 't.tpl', line: 12 },
  ])
  expect(files['BMC_SoftwareServer']).toBe(
    '"host 2","BMC_SoftwareServer/S2"\n"host 3","BMC_SoftwareServer/S3"\n',
  )
})

test('has a root fail whose key is longer than an index can hold', async () => {
  const { failed } = await evaluate([batch(1, JSON.stringify({ key: 'ä'.repeat(500) }))])
  expect(failed).toMatchObject([{ root: 'host 1', problem: 'KEY_TOO_LONG' }])
})

test('fails when its threads cannot begin, and does not wait for them', async () => {
  const broken = { ...data, graph: { ...data.graph, modules: undefined as never } }
  await expect(
    evaluate(
      [1, 2, 3, 4, 5, 6].map((number) => batch(number)),
      broken,
    ),
  ).rejects.toThrow()
})
