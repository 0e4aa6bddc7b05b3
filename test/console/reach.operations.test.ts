/**
 * Managed systems in the console, which only their agents reach: a source is synchronized, stopped, its connection looked at and checked. A server and an
 * agent in processes of their own, a database of SQLite beside the agent, and a browser.
 */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { callCommandLine } from '../../packages/cli/test/call-command-line.ts'
import { type SluiceProcess, spawnSluice } from '../../packages/cli/test/sluice-process.ts'
import { barriersOf, hasBrowser, openBrowser, picture } from '../browser.ts'
import { testLocation } from '../databases.ts'
import { freePort } from '../free-port.ts'
import { signIn } from './console-scenario.ts'

const sources = `
entityTypes:
  Person: {display: name, properties: {no: string, name: string}}
  Account: {properties: {no: string, name: string}}
sources:
  shop:
    export: {connector: sqlite, file: shop.db, tables: {people: {}}}
    entities: {Person: {file: people.csv, key: no, properties: {no: no, name: name}}}
  slow:
    export: {command: [node, -e, 'setInterval(() => {}, 1000)']}
    entities: {Account: {file: people.csv, key: no, properties: {no: no, name: name}}}
`

describe.runIf(hasBrowser)('managed systems in the console (needs Chromium)', () => {
  const root = mkdtempSync(join(tmpdir(), 'sluice-reach-'))
  const [there, folder] = [join(root, 'server'), join(root, 'agent')]
  const opened = new AsyncDisposableStack()
  const running = new Set<SluiceProcess>()
  let browser: Browser
  let address = ''

  beforeAll(async () => {
    opened.defer(() => rmSync(root, { recursive: true, force: true }))
    const { location } = opened.use(await testLocation('postgres-18'))
    if (location.kind !== 'postgres') throw new Error('a server')
    const port = await freePort()
    for (const made of [there, folder]) mkdirSync(made)
    writeFileSync(
      join(there, 'sluice.yaml'),
      `repository: {url: "${location.url}", schema: ${location.schema}}\nserver: {listen: "127.0.0.1:${port}"}\n${sources}`,
    )
    writeFileSync(join(folder, 'sluice.yaml'), agentAt(port, ''))
    people('Ada', 'Bob', 'Cid')
    const server = spawnSluice(there, ['server'])
    opened.defer(async () => {
      server.child.kill('SIGKILL')
      await server.ended
    })
    await server.says('listening')
    writeFileSync(
      join(folder, 'office.token'),
      await token('office', '--role', 'agent', '--source', 'shop', '--source', 'slow'),
    )
    browser = opened.adopt(await openBrowser(), (one) => one.close())
    address = `http://127.0.0.1:${port}/console`
  })
  afterEach(async () => {
    for (const one of running) {
      one.child.kill('SIGKILL')
      await one.ended
    }
    running.clear()
  })
  afterAll(() => opened.disposeAsync())

  /** What its configuration says. */
  function agentAt(port: number, more: string): string {
    return `agent: {server: "http://127.0.0.1:${port}", tokenFile: office.token${more}}\n${sources}`
  }

  async function token(name: string, ...of: readonly string[]): Promise<string> {
    const { stdout, stderr } = await callCommandLine(there, ['token', 'create', name, ...of])
    const secret = /slc_[\w-]+/.exec(stdout)?.[0]
    if (secret === undefined) throw new Error(`No token was made: ${stderr}`)
    return secret
  }

  function people(...names: readonly string[]): void {
    const { DatabaseSync } = createRequire(import.meta.url)('node:sqlite')
    const database = new DatabaseSync(join(folder, 'shop.db'))
    database.exec(
      'drop table if exists people; create table people (no text primary key, name text, mail text)',
    )
    for (const [no, name] of names.entries())
      database.exec(`insert into people values ('${no}', '${name}', null)`)
    database.close()
  }

  async function startAgent(): Promise<SluiceProcess> {
    const agent = spawnSluice(folder, ['agent'])
    running.add(agent)
    await agent.says('the agent begins')
    return agent
  }

  let persons = 0
  async function open(role: string, path: string): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      reducedMotion: 'reduce',
    })
    const page = await context.newPage()
    page.setDefaultTimeout(60_000)
    persons += 1
    await signIn(page, `${address}${path}`, await token(`${role}${persons}`, '--role', role))
    return page
  }

  test('a source is synchronized in the mode that is chosen, and followed to its run', async () => {
    const page = await open('operator', '/sources/shop')
    await page.getByRole('button', { name: 'Synchronize now…' }).click()
    await page.getByRole('dialog').getByText('No agent delivers this source').waitFor()
    await page.keyboard.press('Escape')
    await startAgent()
    await page
      .getByRole('region', { name: 'Agents' })
      .getByText('Nobody has asked for it by itself yet.')
      .waitFor()
    await page.getByRole('button', { name: 'Synchronize now…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('radio', { name: /^Complete/ }).click()
    await picture(page, 'synchronize-now')
    expect(await barriersOf(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Synchronize', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    const agents = page.getByRole('region', { name: 'Agents' })
    await agents.getByText('done').waitFor()
    await agents.getByRole('link', { name: 'Run 1' }).click()
    await page.waitForURL(/\/runs\/1$/)
    await page.getByText('complete').first().waitFor()
  })

  test('a source is synchronized to be looked at first: its run waits, and is approved', async () => {
    await startAgent()
    people('Ada', 'Bob', 'Cid', 'Dora', 'Eve')
    const page = await open('operator', '/sources/shop')
    await page.getByRole('button', { name: 'Synchronize now…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('checkbox', { name: 'Hold the run until it is approved' }).click()
    expect(await barriersOf(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Synchronize', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    const agents = page.getByRole('region', { name: 'Agents' })
    await agents.getByText('held').first().waitFor()
    await agents.getByRole('link', { name: /^Run \d+$/ }).click()
    await page.getByText('This run waits for a decision').waitFor()
    await page.getByRole('button', { name: 'Approve…' }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Delete|Approve/ })
      .click()
    await page.getByText('This run waits for a decision').waitFor({ state: 'detached' })
    await page.getByText('applied').first().waitFor()
  })

  test('what is at work is seen after a reload, and stopped', async () => {
    await startAgent()
    const page = await open('operator', '/sources/slow')
    await page.getByRole('button', { name: 'Synchronize now…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Synchronize', exact: true }).click()
    const agents = page.getByRole('region', { name: 'Agents' })
    await agents.getByText('running').waitFor()
    await page.reload()
    await picture(page, 'source-at-work')
    await agents.getByRole('button', { name: 'Stop' }).click()
    await agents.getByText('stopped', { exact: true }).waitFor()
    const viewer = await open('viewer', '/sources/slow')
    await viewer.getByRole('region', { name: 'Agents' }).getByText('stopped', { exact: true }).waitFor()
    expect(await viewer.getByRole('button', { name: 'Synchronize now…' }).count()).toBe(0)
  })

  test('a connection is shown as it is defined, and checked in place', async () => {
    await startAgent()
    const page = await open('operator', '/sources/shop?tab=connection')
    const file = page.getByRole('textbox', { name: 'file' })
    expect(await file.inputValue()).toBe('shop.db')
    expect(await file.isEditable()).toBe(false)
    await page.getByText(/Defined in sluice\.yaml/).waitFor()
    await page.getByText('It has not been checked in the last days.').waitFor()
    const check = page.getByRole('button', { name: 'Check connection' })
    await check.click()
    const result = page.getByRole('region', { name: 'Check', exact: true })
    await result.getByText('connected', { exact: true }).waitFor()
    await result.getByText('people.csv').waitFor()
    await picture(page, 'connection')
    expect(await barriersOf(page)).toEqual([])
    renameSync(join(folder, 'shop.db'), join(folder, 'gone.db'))
    await check.click()
    await result.getByText('not connected').waitFor()
    await result.getByText('SLUICE-CONNECT-03').waitFor()
    await page
      .getByRole('region', { name: 'Earlier checks' })
      .getByText('connected', { exact: true })
      .waitFor()
    await picture(page, 'connection-failed')
    renameSync(join(folder, 'gone.db'), join(folder, 'shop.db'))

    const viewer = await open('viewer', '/sources/shop?tab=connection')
    await viewer.getByText('not connected').waitFor()
    expect(await viewer.getByRole('button', { name: 'Check connection' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Look what is there' }).click()
    const columns = page.getByRole('region', { name: 'Columns' })
    await columns.getByText('1 table, 3 columns; 2 of them are mapped.').waitFor()
    await columns.getByRole('row', { name: /name.*Person\.name/ }).waitFor()
    await page.getByRole('region', { name: 'A mapping to begin with' }).getByText('entityTypes:').waitFor()
    await picture(page, 'discovered')
    expect(await barriersOf(page)).toEqual([])
    await columns.getByText('Not mapped').click()
    await page.waitForURL(/unmapped=true/)
    await columns.getByRole('row', { name: /Person\.name/ }).waitFor({ state: 'detached' })
    await columns.getByRole('row', { name: /mail/ }).waitFor()
    await page.goto(`${address}/sources/slow?tab=connection`)
    await page.getByText('No connector').waitFor()
  })

  test('rows are previewed as a mapping makes them, once the agent permits it; what is wrong with a proposal is said in place', async () => {
    const stops = await startAgent()
    const page = await open('admin', '/sources/shop?tab=connection')
    const form = page.getByRole('region', { name: 'Preview of rows' })
    await form.getByText(/does not permit a preview of rows.*remotePreviews: true/).waitFor()
    stops.child.kill('SIGTERM')
    await stops.ended
    const { port } = new URL(address)
    writeFileSync(join(folder, 'sluice.yaml'), agentAt(Number(port), ', remotePreviews: true'))
    await startAgent()
    await form.getByRole('button', { name: 'Preview' }).click()
    const rows = page.getByRole('region', { name: 'Rows of Person' })
    await rows
      .getByRole('row', { name: /people\.csv:2/ })
      .getByText('Ada')
      .first()
      .waitFor()
    const suggestion = page.getByRole('region', { name: 'A mapping to begin with' })
    // The story before may have looked already.
    if ((await suggestion.count()) === 0)
      await page.getByRole('button', { name: 'Look what is there' }).click()
    await suggestion.waitFor()
    await form.getByLabel('Mapping', { exact: true }).click()
    await page.getByRole('option', { name: 'people.csv, as it was suggested' }).click()
    const proposal = form.getByRole('textbox', { name: 'Proposed mapping' })
    const suggested = await proposal.inputValue()
    expect(suggested).toMatch(/^entityTypes:\n {2}People:/)
    await proposal.fill(
      suggested.replace('mail: "mail"', 'mail: {column: name, table: {values: {Ada: ada@example.org}}}'),
    )
    await form.getByRole('textbox', { name: 'Rows', exact: true }).fill('2')
    await form.getByRole('button', { name: 'Preview' }).click()
    const proposed = page.getByRole('region', { name: 'Rows of People' })
    await proposed.getByText('ada@example.org').waitFor()
    await proposed.getByText('2 rows: 1 rejected, 0 left out by its filter.').waitFor()
    await proposed.getByRole('row', { name: /people\.csv:3.*rejected.*mail/ }).waitFor()
    await picture(page, 'preview-of-rows')
    expect(await barriersOf(page)).toEqual([])
    await proposal.fill(suggested.replace('file: people.csv', 'file: /etc/passwd'))
    await form.getByRole('button', { name: 'Preview' }).click()
    await form
      .getByRole('alert')
      .getByText(/Line 12, column 15: .*no file "\/etc\/passwd".*SLUICE-SOURCE-12/)
      .waitFor()
    await picture(page, 'preview-refused')

    const operator = await open('operator', '/sources/shop?tab=connection')
    await operator
      .getByRole('region', { name: 'Preview of rows' })
      .getByLabel('Mapping', { exact: true })
      .click()
    await operator.getByRole('option', { name: 'Person from people.csv, as it is mapped' }).waitFor()
    expect(await operator.getByRole('option').count()).toBe(1)
    const viewer = await open('viewer', '/sources/shop?tab=connection')
    await viewer.getByText('No check').or(viewer.getByText('Tables and columns')).first().waitFor()
    expect(await viewer.getByText('Preview of rows').count()).toBe(0)
  })
})
