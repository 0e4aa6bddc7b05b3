/**
 * examples/discovery: its mappings are clean, its cases hold, and every host of its graph comes to something.
 */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'

const inExample = (...args: readonly string[]) => callCommandLine('examples/discovery', args)

test('its configuration and its mappings have no errors and no warnings', async () => {
  expect(await inExample('check')).toEqual({ status: 0, stdout: 'No errors, 0 warnings.\n', stderr: '' })
  const modules = await inExample('mapping', 'check', 'mappings', 'overrides')
  expect(modules).toMatchObject({ status: 0, stderr: '' })
  expect(modules.stdout).toContain('info MAPPING_OVERRIDDEN')
  expect(modules.stdout).toContain('No errors, 0 warnings in 15 files.\n')
})

test('its mappings are laid out', async () => {
  expect(await inExample('mapping', 'format', 'mappings', 'overrides', '--check')).toEqual({
    status: 0,
    stdout: '',
    stderr: '',
  })
})

test('its cases hold, with the model of the project and without', async () => {
  const { status, stdout } = await inExample('mapping', 'test', 'cases')
  expect(stdout).toMatch(/^\d\d ok, 0 failed$/m)
  expect(status).toBe(0)
  const without = await callCommandLine('.', ['mapping', 'test', 'examples/discovery/cases'])
  expect(without.status).toBe(0)
})

const hosts = readFileSync('examples/discovery/graph/monday/nodes.jsonl', 'utf8')
  .split('\n')
  .flatMap((line) => /^\{"id":"(\w[^"]*)","kind":"Host"/.exec(line)?.[1] ?? [])

test('its graph has ten hosts', () => {
  expect(hosts).toHaveLength(10)
})

test.each(hosts)('%s comes to a computer system, and nothing of it is doubtful', async (host) => {
  const { status, stdout, stderr } = await inExample(
    'mapping',
    'run',
    'mappings',
    '--graph',
    'graph/monday',
    '--root',
    host,
  )
  expect(stdout).toMatch(/^BMC_ComputerSystem host-/)
  expect(stdout).toContain(' TokenId = ')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})
