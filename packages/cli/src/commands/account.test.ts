/**
 * `sluice account` and `sluice audit`, on a repository of their own and through a server.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callCommandLine } from '../../test/call-command-line.ts'
import { moveToServer } from '../../test/move-to-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-account-'))
const project = join(folder, 'project')
const password = 'correct horse battery'

let place: AsyncDisposable
beforeAll(async () => {
  await callCommandLine(folder, ['init', 'project'])
  place = await moveToServer(project)
})
afterAll(async () => {
  await place[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const account = (
  args: readonly string[],
  options: { readonly input?: string; readonly answer?: string } = {},
) => callCommandLine(folder, ['-C', project, 'account', ...args], { user: 'root', ...options })
const audit = (...args: readonly string[]) => callCommandLine(folder, ['-C', project, 'audit', ...args])

test('an account is added once, with a password that is piped in or typed twice, and is shown nowhere', async () => {
  const added = await account(['add', 'ada', '--role', 'operator', '--email', 'ada@example.org'], {
    input: `${password}\n`,
  })
  expect(added).toEqual({ status: 0, stdout: 'Account ada is added: operator.\n', stderr: '' })
  expect(await account(['add', 'bob'], { answer: password })).toMatchObject({
    status: 0,
    stdout: 'Account bob is added: viewer.\n',
  })
  const again = await account(['add', 'ADA'], { input: password })
  expect(again).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringContaining('SLUICE-ACCOUNT-01'),
  })
  const listed = await account(['list'])
  expect(listed.stdout).toMatch(/ada +operator +ada@example\.org +password +enabled +\d{4}-.* never/)
  const json = await account(['list', '--json'])
  expect(JSON.parse(json.stdout)).toMatchObject([{ name: 'ada', createdBy: 'root' }, { name: 'bob' }])
  expect(listed.stdout + json.stdout).not.toContain('argon2')
})

test('it gets another password and role, is disabled, enabled and deleted, and the audit log says by whom', async () => {
  await account(['add', 'eve'], { input: password })
  for (const [args, sentence] of [
    [['set-password', 'eve'], 'The password of eve is set, and all its sessions are ended.'],
    [['set-role', 'eve', 'admin'], 'Account eve is admin now.'],
    [['disable', 'EVE'], 'Account eve is disabled, and all its sessions are ended.'],
    [['enable', 'eve'], 'Account eve is enabled.'],
    [['delete', 'eve'], 'Account eve is deleted.'],
  ] as const)
    expect(await account(args, { input: password })).toMatchObject({ status: 0, stdout: `${sentence}\n` })
  const table = await audit('--who', 'root', '--limit', '5')
  expect(table.stdout).toMatch(
    /root at the command line +this machine +deleteAccount +\/accounts\/eve +done\n/,
  )
  const { stdout } = await audit('--json', '--action', 'setPassword')
  expect(JSON.parse(stdout)).toMatchObject([{ subject: '/accounts/eve/password', result: 'done' }])
  expect((await audit('--csv')).stdout).toMatch(/^at,by,from,action,subject,result\n/)
  expect(await audit('--to', '2001-01-01')).toMatchObject({ status: 0, stdout: '' })
})

test.each([
  [['add', 'a b'], password, 2, 'letters, digits'],
  [['add', 'kim', '--role', 'agent'], password, 2, 'agent'],
  [['add', 'kim'], 'too short', 2, 'The password must have at least 12 characters.'],
  [['add', 'kim'], 'x'.repeat(1001), 2, 'at most 1000 characters'],
  [['add', 'kim'], '', 2, 'No new password is given.'],
  [['set-password', 'nobody'], password, 1, 'SLUICE-ACCOUNT-02'],
  [['set-role', 'ada', 'king'], password, 2, 'king'],
  [['delete', 'nobody'], password, 1, 'There is no account "nobody".'],
])('account %j ends and says why', async (args, input, status, reason) => {
  const refused = await account(args, { input })
  expect(refused).toMatchObject({ status, stdout: '' })
  expect(refused.stderr).toContain(reason)
})

test('two passwords that differ add no account', async () => {
  let asked = 0
  const refused = await callCommandLine(folder, ['-C', project, 'account', 'add', 'kim'], {
    answer: () => {
      asked += 1
      return `${password} ${asked}`
    },
  })
  expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('The two passwords differ.') })
  expect((await account(['list'])).stdout).not.toContain('kim')
})

test.each(['--from', '--to', '--limit'])('audit %s takes no nonsense', async (option) => {
  expect(await audit(option, 'soon')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('It must be'),
  })
})
