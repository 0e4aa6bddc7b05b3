/** A graph from its files to a delivery: what is prepared of it, complete and incremental, and when it has to be everything. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectOf } from '../../test/project-of.ts'
import { requireConfiguration } from '../folder/load-configuration.ts'
import type { PreparedStage } from './stages.ts'

const configuration = `
entityTypes:
  Computer: {properties: {SyncKey: string, Name: string}}
sources:
  disco:
    folder: data
    mode: incremental
    graph: {modules: maps, files: graph.jsonl}
`

const module = (body: string) => `tpl 1.19 module Demo.Hosts;
syncmapping Hosts 1.0
    """Hosts."""
    overview
        tags Demo;
    end overview;
    mapping on Host as host
        computer -> Computer;
    end mapping;
    body
        computer := sync.Computer(${body});
    end body;
end syncmapping;
`

const host = (id: string, name: string) =>
  `{"id":"${id}","kind":"Host","attrs":{"key":"${id}","name":"${name}"}}\n`

const files = {
  'maps/hosts.tpl': module('key := host.key, Name := host.name'),
  'data/graph.jsonl': host('h1', 'web1') + host('h2', 'web2'),
}

const textOf = ({ folder }: PreparedStage, name: string) => readFile(join(folder, name), 'utf8')

describe('a graph on its way', () => {
  test('is delivered whole first, and then what changed of it', async () => {
    await using at = await projectOf({ configuration, files })
    const first = await at.project.stages.prepare('disco')
    expect(first.mode).toBe('complete')
    expect(await textOf(first, 'nodes.sorted.csv')).toContain(
      'h1,Host,"{""key"":""h1"",""name"":""web1""}",\n',
    )
    expect(await at.project.stages.deliver('disco')).toMatchObject({ kind: 'delivered' })

    await at.write({ 'data/graph.jsonl': host('h1', 'web1') + host('h2', 'db2') + host('h3', 'web3') })
    const second = await at.project.stages.prepare('disco')
    expect(second).toMatchObject({ mode: 'incremental', base: first.id })
    expect(await textOf(second, 'nodes.sorted.delta')).toBe(
      'command,id,kind,attributes,destroyed\n' +
        'update,h2,Host,"{""key"":""h2"",""name"":""db2""}",\n' +
        'insert,h3,Host,"{""key"":""h3"",""name"":""web3""}",\n',
    )
    await at.write({ 'data/graph.jsonl': host('h1', 'web1') })
    const third = await at.project.stages.prepare('disco')
    expect(await textOf(third, 'nodes.sorted.delta')).toContain('delete,h2')
  })

  test('is delivered whole when a module has changed, with the reason', async () => {
    await using at = await projectOf({ configuration, files })
    await at.project.stages.prepare('disco')
    await at.project.stages.deliver('disco')
    await at.write({ 'maps/hosts.tpl': module('key := host.key') })
    await at.reconfigure((text) => text)
    const { mode, manifest } = await at.project.stages.prepare('disco')
    expect(mode).toBe('complete')
    expect(manifest.notes.join()).toMatch(/module maps\/hosts\.tpl: text \w+ \(it was: text \w+\)/)
  })

  test('a row that may be any takes none away', async () => {
    await using at = await projectOf({ configuration, files })
    await at.project.stages.prepare('disco')
    await at.project.stages.deliver('disco')
    await at.write({ 'data/graph.jsonl': `${host('h1', 'web1')}{"id":"h2\n` })
    const { manifest, ...prepared } = await at.project.stages.prepare('disco')
    expect(await textOf({ manifest, ...prepared }, 'nodes.sorted.delta')).toBe(
      'command,id,kind,attributes,destroyed\n',
    )
    expect(manifest.files[0]).toMatchObject({ read: 2, rejected: 1, unchanged: 1, rows: 0 })
    expect(manifest.notes.join()).toContain('1 row of nodes is not deleted')
  })

  test('a module that cannot be run stops everything, with its place', async () => {
    await using at = await projectOf({ configuration, files })
    await at.write({ 'maps/hosts.tpl': module('key := host.key, Nam := nothing.at.all') })
    await expect(requireConfiguration(at.folder)).rejects.toThrow(/maps\/hosts\.tpl:\d+:\d+: error: /)
  })
})
