/**
 * docs/containers.md and docs/systemd.md: what of them can be tried without a container or an init system.
 */
import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { callCommandLine } from '../packages/cli/test/call-command-line.ts'
import { filesOf } from './tutorial.ts'

const pageOf = (name: string) => readFileSync(new URL(`../docs/${name}.md`, import.meta.url), 'utf8')

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-operation-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

describe.each(['containers', 'systemd'])('docs/%s.md', (name) => {
  test('has a project that is sound', async () => {
    const folder = await emptyFolder()
    const [data, work] = [join(folder, 'data'), join(folder, 'work')]
    await mkdir(data)
    await writeFile(join(data, 'people.csv'), 'number,name\n1,Ada\n')
    const text = filesOf(pageOf(name)).get('sluice.yaml') ?? ''
    const here = text.replace(/(?<=folder: )\/\S+/, data).replace(/(?<=workFolder: )\/\S+/, work)
    await writeFile(join(folder, 'sluice.yaml'), here)
    const checked = await callCommandLine(folder, ['check'], {
      environment: { SLUICE_DATABASE: 'postgres://sluice@127.0.0.1/sluice' },
    })
    expect(checked).toMatchObject({ status: 0, stdout: expect.stringContaining('No errors') })
  })
})

test('the health check of docs/containers.md tells a server that answers from one that does not', async () => {
  const [, command = ''] = /--health-cmd '([^']+)'/.exec(pageOf('containers')) ?? []
  const server = createServer((request, response) =>
    response.writeHead(request.url === '/health' ? 200 : 404).end(),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const run = promisify(execFile)
  const here = command.replace('8620', String(port)).replace(/^node/, process.execPath)
  await expect(run('sh', ['-c', here])).resolves.toMatchObject({ stdout: '' })
  await new Promise((resolve) => server.close(resolve))
  await expect(run('sh', ['-c', here])).rejects.toMatchObject({ code: 1 })
})

const verifies = spawnSync('systemd-analyze', ['--version']).status === 0

test.runIf(verifies)('the units of docs/systemd.md are understood by systemd', async () => {
  const folder = await emptyFolder()
  const units = [...filesOf(pageOf('systemd'))].filter(([path]) => /\.(service|timer)$/.test(path))
  expect(units.map(([path]) => path)).toEqual([
    'sluice-server.service',
    'sluice-agent.service',
    'sluice-job@.service',
    'sluice-job@nightly.timer',
  ])
  for (const [path, text] of units)
    await writeFile(join(folder, path), text.replaceAll('/usr/local/bin/sluice', process.execPath))
  // It looks at the unit of a template only as one of its instances.
  const paths = units.map(([path]) => join(folder, path.replace('@.', '@nightly.')))
  await writeFile(
    join(folder, 'sluice-job@nightly.service'),
    readFileSync(join(folder, 'sluice-job@.service'), 'utf8'),
  )
  const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...paths], {
    encoding: 'utf8',
    env: { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` },
  })
  const about = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('sluice'))
  expect({ status, about }).toEqual({ status: 0, about: [] })
})
