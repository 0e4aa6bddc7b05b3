/**
 * What people do in the console every day, each to its end: definitions, jobs, orders, merges, files, rows, runs that are taken back, paper.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@sluice/repository'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callCommandLine } from '../../packages/cli/test/call-command-line.ts'
import { spawnSluice } from '../../packages/cli/test/sluice-process.ts'
import { startProvider } from '../../packages/server/test/open-id-provider.ts'
import { hasBrowser, picture } from '../browser.ts'
import { freePort } from '../free-port.ts'
import { type ConsoleScenario, openConsole } from './console-scenario.ts'

/** Milliseconds, on a machine that is busy with something else. */
const timeout = 60_000

const contracts = `
  Contract:
    display: name
    properties: {name: {type: string, required: true}, scan: file, pin: secret}
`
const badges = `
sources:
  badges:
    description: Badges that visitors carry
    table: true
    entities:
      Group: {reconciliation: {rules: [[name]]}, properties: {name: {}, description: {}}}
`
/** Until there is a file \`go\`. */
const waiting = `
const { existsSync, cpSync } = require('fs')
setInterval(() => {
  if (!existsSync('go')) return
  cpSync('cmdb', process.env.SLUICE_FOLDER, { recursive: true })
  process.exit(0)
}, 50)
`

describe.runIf(hasBrowser)('every day in the console (needs Chromium)', () => {
  const places = new AsyncDisposableStack()
  const agentFolder = mkdtempSync(join(tmpdir(), 'sluice-console-agent-'))
  let scenario: ConsoleScenario
  let server = ''
  beforeAll(async () => {
    const port = await freePort()
    server = `http://127.0.0.1:${port}`
    const provider = places.use(await startProvider())
    provider.register({ secret: 'known to both', redirectUri: `${server}/sign-in/open-id/callback` })
    provider.people.set('7', { name: 'vera', groups: ['staff'] })
    scenario = places.use(await openConsole({ port, amend: (folder) => amend(folder, provider.issuer) }))
    places.defer(() => rmSync(agentFolder, { recursive: true, force: true }))
    await callCommandLine(scenario.folder, ['source', 'apply', 'badges.yaml', '--server', server], {
      environment: { SLUICE_TOKEN: scenario.tokens.admin },
    })
  })
  afterAll(() => places.disposeAsync())

  function amend(folder: string, issuer: string): void {
    const file = join(folder, 'sluice.yaml')
    const text = readFileSync(file, 'utf8').replace('\n  Person:\n', `${contracts}\n  Person:\n`)
    const signIn = `{issuer: "${issuer}", clientId: sluice, clientSecret: known to both, label: Example, roles: {claim: groups, viewer: [staff]}}`
    writeFileSync(file, `${text}\nserver: {publicUrl: "${server}", signIn: {openIdConnect: ${signIn}}}\n`)
    writeFileSync(join(folder, 'badges.yaml'), badges)
  }

  /** An agent of its own folder, whose export of the CMDB waits. */
  async function startAgent() {
    const { folder } = scenario
    const args = ['token', 'create', 'office', '--role', 'agent', '--source', 'cmdb']
    const { stdout } = await callCommandLine(folder, args)
    writeFileSync(join(agentFolder, 'token'), /slc_[\w-]+/.exec(stdout)?.[0] ?? '', { mode: 0o600 })
    writeFileSync(join(agentFolder, 'wait.js'), waiting)
    cpSync(join(folder, 'cmdb'), join(agentFolder, 'cmdb'), { recursive: true })
    const text = readFileSync(join(folder, 'sluice.yaml'), 'utf8')
      .replace(/^repository: .*$/m, `agent: {server: "${server}", tokenFile: token}`)
      .replace('    folder: cmdb\n', '    export: {command: [node, wait.js]}\n')
    writeFileSync(
      join(agentFolder, 'sluice.yaml'),
      `${text}\njobs:\n  servers: {steps: [{name: registered, sync: cmdb}]}\n`,
    )
    const agent = spawnSluice(agentFolder, ['agent'])
    places.defer(async () => {
      agent.child.kill('SIGKILL')
      await agent.ended
    })
    await agent.says('the agent begins')
  }

  test('a stored definition is edited: a mistake is named with its line, then it is checked and stored', async () => {
    const page = await scenario.open('admin', '/sources/badges?tab=definition')
    await page.getByRole('button', { name: 'Edit…' }).click()
    const dialog = page.getByRole('dialog')
    const text = dialog.getByRole('textbox', { name: 'Definition' })
    const before = await text.inputValue()
    await text.fill(before.replace('[ [ name ] ]', '[ [ nmae ] ]'))
    await dialog.getByRole('button', { name: 'Check' }).click()
    await dialog.getByText(/badges:\d+:\d+: error/).waitFor()
    expect(await dialog.getByRole('alert').textContent()).not.toContain('\\n')
    expect(await dialog.getByRole('button', { name: 'Store' }).isDisabled()).toBe(true)
    await text.fill(before.replace('Badges that visitors carry', 'Badges of visitors'))
    await dialog.getByRole('button', { name: 'Check' }).click()
    await dialog.getByText('What would differ').waitFor()
    await picture(page, 'definition-edited')
    await dialog.getByRole('button', { name: 'Store' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.getByText('Badges of visitors').first().waitFor()
  })

  test('a job of an agent is started, seen at work, and stopped; the next one is seen going through its stages', async () => {
    await startAgent()
    const page = await scenario.open('operator', '/sources/cmdb')
    const start = page.getByRole('menuitem', { name: /^servers on/ })
    const stop = page.getByRole('menuitem', { name: /^Stop servers on/ })
    await page.getByRole('button', { name: 'Start a job' }).click()
    await start.click()
    await page.getByText('servers is asked to start').waitFor()
    await page.getByRole('button', { name: 'A job is at work' }).click({ timeout })
    await picture(page, 'job-at-work')
    await stop.click()
    await page.getByText('servers is asked to stop').waitFor()
    await page.getByRole('button', { name: 'Start a job' }).click({ timeout })
    await start.click()
    await using database = await openDatabase(scenario.location)
    await database.transaction(async (session) => {
      await session.execute('lock table server in exclusive mode')
      writeFileSync(join(agentFolder, 'cmdb', 'servers.csv'), oneMoreServer())
      writeFileSync(join(agentFolder, 'go'), '')
      await page.goto(`${scenario.address}/runs`)
      const row = page.getByRole('row').filter({ hasText: 'cmdb' }).filter({ hasText: 'running' })
      await row.click({ timeout })
      await page.getByText('running', { exact: true }).first().waitFor()
      await page
        .getByText(/^(Translate|Reconcile|Resolve|Guard|Apply)/)
        .first()
        .waitFor({ timeout })
      await picture(page, 'run-at-work')
    })
    await page.getByText('applied', { exact: true }).first().waitFor({ timeout })
  })

  function oneMoreServer(): string {
    const text = readFileSync(join(agentFolder, 'cmdb', 'servers.csv'), 'utf8')
    return `${text}muc-new-01,test,8,1001\n`
  }

  test('an order is added, and cancelled', async () => {
    const page = await scenario.open('admin', '/orders')
    await page.getByRole('button', { name: 'New order' }).click()
    const dialog = page.getByRole('dialog')
    const choose = async (field: string, option: string) => {
      await dialog.getByRole('combobox', { name: field }).click()
      await page.getByRole('option', { name: option, exact: true }).click()
    }
    await choose('System', 'hr')
    await choose('Entity type', 'Person')
    await dialog.getByLabel('Key or name').fill('1030')
    await choose('Property', 'phone')
    await dialog.getByLabel('Value', { exact: true }).fill('+49 30 815')
    await picture(page, 'order-form')
    await dialog.getByRole('button', { name: 'Order', exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
    const row = page.getByRole('row').filter({ hasText: '+49 30 815' })
    await row.getByText('Pending').waitFor()
    await row.getByRole('button', { name: /^Cancel the order/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel', exact: true }).click()
    await row.getByText('Cancelled').waitFor()
  })

  test('duplicates are merged: what would change is shown first, and nobody asks for what is gone', async () => {
    const page = await scenario.open('admin', '/resources/Person/duplicates')
    const refused: string[] = []
    page.on('response', (answer) => {
      if (answer.status() >= 400) refused.push(`${answer.status()} ${answer.url()}`)
    })
    const group = page.getByRole('button', { name: /^Alike in name/ }).first()
    await group.waitFor()
    const title = await group.textContent()
    await page.getByRole('button', { name: 'Merge' }).first().click()
    await page.getByRole('menuitem').first().click()
    const dialog = page.getByRole('dialog')
    await dialog
      .getByText(/· deleted/)
      .first()
      .waitFor()
    await dialog.getByLabel('Comment').fill('One and the same.')
    await dialog.getByRole('button', { name: 'Merge' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await expect.poll(() => group.textContent(), { timeout }).not.toBe(title)
    expect(refused).toEqual([])
  })

  test('a resource gets a file and a secret, which is never shown again', async () => {
    const page = await scenario.open('admin', '/resources/Contract/new')
    await page.getByLabel('name', { exact: true }).fill('Lease of the roof')
    await page.locator('input[type=file]').setInputFiles({
      name: 'lease.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('Äpfel für alle'),
    })
    await page.getByLabel('pin', { exact: true }).fill('4711 is not for everybody')
    await picture(page, 'new-contract')
    await page.getByRole('button', { name: 'Review the change' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('16 bytes').waitFor()
    await dialog.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('heading', { level: 1, name: 'Lease of the roof' }).waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'lease.txt, 16 bytes' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('lease.txt')
    expect(await readFile(await download.path(), 'utf8')).toBe('Äpfel für alle')
    await page.getByRole('tab', { name: 'History' }).click()
    await page.getByText('created').first().waitFor()
    expect(await page.content()).not.toContain('4711')
  })

  test('a row of a source is acted on with a reason, and stays in the list that was looked at', async () => {
    const page = await scenario.open('operator', '/sources/doors?tab=replicas&errors=true')
    await page.getByRole('row', { name: /^9900/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('radio', { name: 'Apply again' }).check()
    await dialog.getByLabel('Reason').fill('Somebody should know him by now.')
    await picture(page, 'row-of-a-source')
    await dialog.getByRole('button', { name: 'Apply again' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.goto(`${scenario.address}/sources/doors?tab=replicas&errors=true`)
    await page.getByRole('row', { name: /^9900/ }).waitFor()
  })

  test('a run is taken back with a comment, which stays with the run that did it', async () => {
    const page = await scenario.open('operator', '/runs/8')
    await page.getByRole('button', { name: 'Take back…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Update 1 Person').waitFor()
    await dialog.getByLabel('Comment').fill('She was promoted by mistake.')
    await dialog.getByRole('button', { name: 'Take back' }).click()
    await page.waitForURL(/runs\/(?!8$)\d+$/)
    await page.getByText('She was promoted by mistake.').first().waitFor()
    await page.getByRole('link', { name: 'Run 8' }).first().click()
    await page.getByRole('heading', { level: 1, name: 'Run 8' }).waitFor()
    expect(await page.getByRole('button', { name: 'Take back…' }).count()).toBe(0)
  })

  test('CSV and JSON hold all that fits, and not only what has been scrolled to', async () => {
    const page = await scenario.open('viewer', '/resources/Person')
    await page
      .getByRole('status')
      .filter({ hasText: /^200 of/ })
      .waitFor()
    const { count } = await (await page.request.get(`${server}/api/v1/resource-counts/Person`)).json()
    const csv = await save(page, 'Save all that fits as CSV')
    expect(csv.trimEnd().split(/\r?\n/)).toHaveLength(count + 1)
    const json = await save(page, 'Save all that fits as JSON')
    expect(JSON.parse(json)).toHaveLength(count)
  })

  async function save(page: Page, button: string): Promise<string> {
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: button }).click()
    return readFileSync(await (await download).path(), 'utf8')
  }

  test('a view that was saved is there again, with its search and its order', async () => {
    const page = await scenario.open('viewer', '/resources/Person?sort=-number')
    await page.getByPlaceholder('Words in any of the texts').fill('Grace')
    await page.waitForURL(/Grace/)
    await page.getByRole('button', { name: 'Views' }).click()
    await page.getByLabel('Name of the view').fill('Graces')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.goto(`${scenario.address}/resources/Person`)
    await page.getByRole('button', { name: 'Views' }).click()
    await page.getByRole('button', { name: 'Graces', exact: true }).click()
    await page.waitForURL(/sort=-number/)
    await page.waitForURL(/Grace/)
  })

  test('paper has all rows that are there, in light colours, and nothing that is pressed', async () => {
    const page = await scenario.open('viewer', '/resources/Server')
    await page.emulateMedia({ colorScheme: 'dark' })
    const table = page.getByRole('table', { name: 'Server' })
    await table.getByRole('link').first().waitFor()
    const all = Number(await table.getAttribute('aria-rowcount'))
    const rows = table.locator('tbody tr')
    expect(await rows.count()).toBeLessThan(all)
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    await expect.poll(() => rows.count(), { timeout }).toBe(all)
    expect(await page.getByRole('navigation', { name: 'Menu' }).isVisible()).toBe(false)
    expect(await page.getByRole('button', { name: 'Save all that fits as CSV' }).isVisible()).toBe(false)
    expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('light')
    expect((await page.pdf({ preferCSSPageSize: true })).length).toBeGreaterThan(10_000)
    await page.emulateMedia({ media: 'screen', colorScheme: 'dark' })
    await expect.poll(() => rows.count(), { timeout }).toBeLessThan(all)
    expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark')
  })

  test('somebody signs in with OpenID Connect, and comes back to where he was sent', async () => {
    const page = await (await scenario.newContext()).newPage()
    await page.goto(`${scenario.address}/runs?state=held`)
    await page.getByRole('link', { name: 'Sign in with Example' }).click()
    await page.locator('input[name=login]').fill('7')
    await page.locator('input[name=password]').fill('anything')
    await page.locator('button[type=submit]').click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL(/console\/runs\?state=held/)
    await page.getByRole('button', { name: 'vera' }).click()
    await page.getByText('vera · viewer').waitFor()
  })
})
