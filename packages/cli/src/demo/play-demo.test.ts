import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { callCommandLine } from '../../test/call-command-line.ts'
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
      { name: 'hr', heldRun: 12 },
      { name: 'doors', doubtful: 6, faulty: 1 },
      { name: 'ad', attention: [] },
      { name: 'cmdb', attention: [] },
    ])
    const orders = JSON.parse((await callCommandLine(folder, ['orders', '--json'])).stdout)
    expect(orders.map(({ source, state }: { source: string; state: string }) => [source, state])).toEqual([
      ['hr', 'pending'],
      ['ad', 'pending'],
    ])
    expect((await callCommandLine(folder, ['explain', 'Person', '1005'])).stdout).toContain('Director')
    expect(await playDemo(folder, options)).toBe(false)
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
