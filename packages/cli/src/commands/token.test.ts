/**
 * `sluice token`, on a repository of its own.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callCommandLine } from '../../test/call-command-line.ts'
import { moveToServer } from '../../test/move-to-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-token-'))
const project = join(folder, 'project')

const sluice = (...args: readonly string[]) => callCommandLine(folder, args, { user: 'ada' })

let place: AsyncDisposable
beforeAll(async () => {
  await sluice('init', 'project')
  place = await moveToServer(project)
})
afterAll(async () => {
  await place[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const token = (...args: readonly string[]) => sluice('-C', project, 'token', ...args)

test('the secret is all there is on standard output, and no list shows it again', async () => {
  const made = await token('create', 'laptop', '--role', 'agent', '--source', 'hr', '--expires', '90d')
  expect(made.status).toBe(0)
  expect(made.stdout).toMatch(/^slc_[\w-]{43}\n$/)
  expect(made.stderr).toContain('Token laptop is made: agent for hr until ')
  const listed = await token('list')
  expect(listed.stdout).toMatch(/laptop +agent +hr +\d{4}-.* ada /)
  const json = await token('list', '--json')
  expect(JSON.parse(json.stdout)).toMatchObject([{ name: 'laptop', role: 'agent', sources: ['hr'] }])
  expect(listed.stdout + json.stdout).not.toContain(made.stdout.trim().slice(4))
  expect(await token('revoke', 'laptop')).toMatchObject({ status: 0 })
  expect(await token('revoke', 'laptop')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('SLUICE-TOKEN-02'),
  })
})

test.each([
  [['create', 'a b', '--role', 'viewer'], 2, 'letters, digits'],
  [['create', 'a'], 2, '--role'],
  [['create', 'a', '--role', 'king'], 2, 'king'],
  [['create', 'a', '--role', 'viewer', '--expires', 'soon'], 2, '90d'],
  [['create', 'a', '--role', 'agent'], 1, 'needs the sources'],
  [['create', 'a', '--role', 'agent', '--source', 'nowhere'], 1, 'nowhere'],
  [['create', 'a', '--role', 'viewer', '--expires', '2001-01-31'], 1, 'is in the past'],
])('token %j ends with %i and says why', async (args, status, reason) => {
  const refused = await token(...args)
  expect(refused.status).toBe(status)
  expect(refused.stdout).toBe('')
  expect(refused.stderr).toContain(reason)
})
