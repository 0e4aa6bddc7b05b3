/**
 * Versions of which one is older: the packed ones of `test/older`, one for each revision of the protocol, as server before a new agent and as agent before a
 * new server. Each in processes of its own, on PostgreSQL.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { testLocation } from '../../../test/databases.ts'
import { freePort } from '../../../test/free-port.ts'
import { main, spawnSluice } from '../test/sluice-process.ts'

// Processes one after the other, which take a busy machine their time.
vi.setConfig({ testTimeout: 600_000 })

const run = promisify(execFile)
const repository = fileURLToPath(new URL('../../..', import.meta.url))
const older = join(repository, 'test/older')

const root = mkdtempSync(join(tmpdir(), 'sluice-older-'))
// Its libraries are ours.
symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Path of the entry of an older version. */
async function unpacked(archive: string): Promise<string> {
  const folder = join(root, archive.replace(/\.tgz$/, ''))
  mkdirSync(folder, { recursive: true })
  await run('tar', ['xzf', join(older, archive), '-C', folder])
  return join(folder, 'dist/cli/src/main.js')
}

const common = `
entityTypes:
  Person:
    display: name
    properties: {no: string, name: string, chief: {type: reference, to: Person}}
sources:
  hr:
    mode: incremental
    folder: hr
    entities: {Person: {file: people.csv, key: no, properties: {no: no, name: name, chief: chief}}}
`
const jobs = `
jobs:
  load: {steps: [{sync: hr}]}
`

/** A server of one program, and somebody beside the managed system with another one. */
async function startBoth(programs: { readonly server: string; readonly agent: string }) {
  const opened = await testLocation('postgres-18')
  onTestFinished(() => opened[Symbol.asyncDispose]())
  const { location } = opened
  if (location.kind !== 'postgres') throw new Error('a server')
  const port = await freePort()
  const folder = mkdtempSync(join(root, 'project-'))
  const [there, here] = [join(folder, 'server'), join(folder, 'agent')]
  mkdirSync(there)
  mkdirSync(join(here, 'hr'), { recursive: true })
  writeFileSync(
    join(there, 'sluice.yaml'),
    `repository: {url: "${location.url}", schema: ${location.schema}}\nserver: {listen: "127.0.0.1:${port}"}\n${common}`,
  )
  writeFileSync(
    join(here, 'sluice.yaml'),
    `agent: {server: "http://127.0.0.1:${port}", tokenFile: office.token}\n${common}${jobs}`,
  )
  const server = spawnSluice(there, ['server'], {}, programs.server)
  onTestFinished(async () => {
    server.child.kill('SIGKILL')
    await server.ended
  })
  await server.says('listening')
  const call = async (program: string, cwd: string, args: readonly string[], environment = {}) => {
    const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...environment }
    const { stdout } = await run(process.execPath, [program, ...args], { cwd, env })
    return stdout
  }
  const token = (name: string, ...of: readonly string[]) =>
    call(programs.server, there, ['token', 'create', name, ...of])
  writeFileSync(join(here, 'office.token'), await token('office', '--role', 'agent', '--source', 'hr'))
  const ada = (await token('ada', '--role', 'operator')).trim()
  return {
    here,
    sync: () => call(programs.agent, here, ['sync', 'hr', '--yes', '--json']),
    /** Of the same version as the agent, with the token of an operator. */
    ask: (...args: readonly string[]) => call(programs.agent, here, args, { SLUICE_TOKEN: ada }),
  }
}

function people(folder: string, names: readonly string[]): void {
  const lines = names.map((name, no) => `${no},${name},0`)
  writeFileSync(join(folder, 'hr', 'people.csv'), ['no,name,chief', ...lines].join('\n'))
}

describe.each(readdirSync(older).filter((name) => name.endsWith('.tgz')))('%s', (archive) => {
  test.each(['a new agent with an old server', 'an old agent with a new server'])(
    '%s: deliveries, incrementals, rejected rows, questions, jobs',
    async (direction) => {
      const old = await unpacked(archive)
      const isNewAgent = direction.startsWith('a new agent')
      const { here, sync, ask } = await startBoth(
        isNewAgent ? { server: old, agent: main } : { server: main, agent: old },
      )
      people(here, ['Ada', 'Bob', 'Cid'])
      expect(JSON.parse(await sync())).toMatchObject({ state: 'applied' })
      people(here, ['Ada', 'Bert', 'Cid', 'Dora'])
      expect(JSON.parse(await sync())).toMatchObject({ state: 'applied' })
      writeFileSync(join(here, 'hr', 'people.csv'), 'no,name,chief\n0,Ada,0\n1,Bert,0\n2,"Cid,0\n3,Dora,9\n')
      await sync()
      expect(await ask('resources', 'Person', '--json')).toMatch(/Bert[\s\S]*Dora/)
      expect(await ask('status')).toContain('hr')
      expect(await ask('runs')).toMatch(/applied/)
      expect(await ask('explain', 'Person', '1')).toContain('Bert')

      const agent = spawnSluice(here, ['agent'], {}, isNewAgent ? main : old)
      onTestFinished(async () => {
        agent.child.kill('SIGKILL')
        await agent.ended
      })
      await agent.says('the agent begins')
      while (!(await ask('jobs')).includes('load')) {}
      people(here, ['Ada', 'Bert', 'Cid', 'Dora', 'Eve'])
      await ask('jobs', 'start', 'load', '--wait')
      expect(await ask('resources', 'Person', '--json')).toContain('Eve')
    },
  )
})
