import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { callCommandLine } from '../../test/call-command-line.ts'
import { demoConfiguration } from './demo-configuration.ts'
import { demoData } from './demo-data.ts'
import { demoMappings } from './demo-mappings.ts'
import { NoDemoFolderError } from './no-demo-folder-error.ts'
import { playDemo } from './play-demo.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-demo-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const steps: string[] = []
const options = { environment: {}, onStep: async (text: string) => steps.push(text) }

describe('the demo', () => {
  test('is a week whose last run is held, with matches, orders and an edit; it begins again where it was broken off, and is played once', async () => {
    const stop = new AbortController()
    const stopped = playDemo(folder, {
      ...options,
      signal: stop.signal,
      onStep: async (text) => text === 'hr: day 2' && stop.abort(),
    })
    await expect(stopped).rejects.toThrow()
    expect(await playDemo(folder, options)).toBe(true)
    const { stdout } = await callCommandLine(folder, ['status', '--json'])
    const { sources } = JSON.parse(stdout)
    expect(sources).toMatchObject([
      { name: 'hr', heldRun: 17 },
      { name: 'doors', doubtful: 6, faulty: 1 },
      { name: 'discovery', heldRun: null },
      { name: 'ad', attention: [] },
      { name: 'cmdb', attention: [] },
    ])
    const orders = JSON.parse((await callCommandLine(folder, ['orders', '--json'])).stdout)
    expect(orders.map(({ source, state }: { source: string; state: string }) => [source, state])).toEqual([
      ['hr', 'pending'],
      ['ad', 'pending'],
    ])
    expect((await callCommandLine(folder, ['explain', 'Person', '1005'])).stdout).toContain('Director')
    const roots = await callCommandLine(folder, ['roots', 'discovery', '--failed'])
    expect(roots.stdout).toContain('muc-git-web-02')
    const impact = await callCommandLine(folder, ['impact', 'Server', 'fra-esx-01'])
    expect(impact.stdout).toContain('BusinessApplication')
    expect(await playDemo(folder, options)).toBe(false)
  })

  test('has one mistake in its mappings, by which no server has an operating system, and names it', async () => {
    const check = async () =>
      (await callCommandLine(folder, ['mapping', 'check', 'mappings', '--graph', 'discovery'])).stdout
    const write = async (name: string, files: ReadonlyMap<string, string>) => {
      mkdirSync(join(folder, name), { recursive: true })
      for (const [file, text] of files) writeFileSync(join(folder, name, file), text)
    }
    const mappings = await demoMappings()
    writeFileSync(join(folder, 'sluice.yaml'), demoConfiguration('./repository'))
    await write('discovery', demoData().discovered.at(-1)?.files ?? new Map())
    await write('mappings', mappings)
    const stdout = await check()
    expect(stdout).toContain('Nodes of kind Host have no attribute operating_sytem')
    expect(stdout).toContain('No errors, 1 warning in 3 files.')
    const mended = [...mappings].map(
      ([name, text]) => [name, text.replace('operating_sytem', 'operating_system')] as const,
    )
    await write('mappings', new Map(mended))
    expect(await check()).toContain('No errors, 0 warnings in 3 files.')
  })

  test('touches no folder that holds something else', async () => {
    writeFileSync(join(folder, 'sluice.yaml'), 'repository: ./repository\n')
    await expect(playDemo(folder, options)).rejects.toThrow(NoDemoFolderError)
    expect(readFileSync(join(folder, 'sluice.yaml'), 'utf8')).toBe('repository: ./repository\n')
    rmSync(join(folder, 'sluice.yaml'))
    writeFileSync(join(folder, 'letter.txt'), 'Dear Ada')
    await expect(playDemo(folder, options)).rejects.toThrow(NoDemoFolderError)
    expect(existsSync(join(folder, 'letter.txt'))).toBe(true)
  })
})
