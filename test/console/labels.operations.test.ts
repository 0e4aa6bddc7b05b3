/**
 * The console with labels in the language of whoever reads: a server, its project, and a browser that is set to German.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callCommandLine } from '../../packages/cli/test/call-command-line.ts'
import { hasBrowser } from '../browser.ts'
import { type ConsoleScenario, openConsole, signIn } from './console-scenario.ts'

const configuration = (repository: string) => `repository: ${repository}
entityTypes:
  Unit: {label: {en: Unit, de: Einheit}, display: name, properties: {code: string, name: string}}
  Person:
    label: {en: Employee, de: Mitarbeiter}
    display: name
    properties:
      number: {type: integer, label: {en: Employee number, de: Personalnummer}}
      name: string
      state: {type: enum, label: {en: State, de: Zustand}, values: {active: {en: Active, de: Aktiv}, left: {en: Left, de: Ausgetreten}}}
associations:
  Membership: {from: Person, to: Unit, fromLabel: {en: Members, de: Mitglieder}, toLabel: {en: Units, de: Einheiten}}
sources:
  hr:
    thresholds: off
    entities:
      Unit: {file: units.csv, key: code, properties: {code: code, name: name}}
      Person:
        file: people.csv
        key: number
        reconciliation: {policy: key}
        properties: {number: number, name: name, state: state}
    associations:
      Membership: {file: people.csv, from: {column: number, by: number}, to: {column: unit, by: code}}
  doors:
    entities:
      Person:
        file: doors.csv
        key: number
        reconciliation: {rules: [[state]], onZero: error, onMultiple: queue}
        properties: {number: {column: number, update: false}, state: {column: state, update: false}}
`

async function fill(folder: string, repository: string) {
  writeFileSync(join(folder, 'sluice.yaml'), configuration(repository))
  writeFileSync(join(folder, 'units.csv'), 'code,name\nA,Analysis\n')
  const people = (state: string) =>
    writeFileSync(join(folder, 'people.csv'), `number,name,state,unit\n1,Ada,${state},A\n2,Grace,active,A\n`)
  writeFileSync(join(folder, 'doors.csv'), 'number,state\n7,active\n')
  people('left')
  expect(await callCommandLine(folder, ['sync', 'hr'])).toMatchObject({ status: 0 })
  people('active')
  for (const args of [
    ['sync', 'hr'],
    ['sync', 'doors'],
    ['orders', 'add', 'hr', 'Person', '2', 'state=left'],
  ])
    expect(await callCommandLine(folder, args)).toMatchObject({ status: 0 })
}

describe.runIf(hasBrowser)('labels in the console (needs Chromium)', () => {
  let scenario: ConsoleScenario

  beforeAll(async () => {
    scenario = await openConsole({ fill })
  }, 300_000)

  afterAll(() => scenario[Symbol.asyncDispose]())

  async function open(
    locale: string,
    path: string,
    role: keyof ConsoleScenario['tokens'] = 'viewer',
  ): Promise<Page> {
    const page = await (await scenario.browser.newContext({ locale })).newPage()
    page.setDefaultTimeout(60_000)
    await signIn(page, `${scenario.address}${path}`, scenario.tokens[role])
    return page
  }

  test('a list, a resource and its links are called as the reader of the browser calls them', async () => {
    const page = await open('de-AT', '/resources/Person')
    await page.getByRole('heading', { name: 'Mitarbeiter' }).waitFor()
    await page.getByRole('columnheader', { name: 'Personalnummer' }).waitFor()
    await page.getByText('Aktiv', { exact: true }).first().waitFor()
    await page.getByRole('link', { name: 'Ada' }).click()
    await page.getByRole('rowheader', { name: 'Personalnummer' }).waitFor()
    await page.getByRole('tab', { name: 'Links' }).click()
    await page.getByRole('heading', { name: 'Einheiten' }).waitFor()
  }, 180_000)

  test('the overview, health and a run call things so, and what is saved of them has names', async () => {
    const page = await open('de', '/')
    const size = page.getByRole('link', { name: 'Mitarbeiter' })
    expect(await size.getAttribute('href')).toMatch(/\/resources\/Person$/)
    await page.goto(`${scenario.address}/health?type=Person`)
    const health = page.getByRole('region', { name: 'Properties of Mitarbeiter' })
    await health.getByRole('row', { name: /^Personalnummer/ }).waitFor()
    for (const format of ['CSV', 'JSON'] as const) {
      const saved = await savedBy(page, health.getByRole('button', { name: format }))
      expect(saved).toContain('number')
      expect(saved).not.toContain('Personalnummer')
    }
    await page.goto(`${scenario.address}/runs/2?tab=changes`)
    await page.getByRole('navigation', { name: 'Kinds of changes' }).getByText('Mitarbeiter').waitFor()
    const change = page.getByRole('row', { name: /Mitarbeiter.*Zustand: Ausgetreten → Aktiv/ })
    await change.waitFor()
    const changes = await savedBy(page, page.getByRole('button', { name: 'CSV' }))
    expect(changes).toContain('update,Person,1,state: left → active')
    await change.click()
    const details = page.getByRole('dialog').getByRole('table')
    await details.getByText('Zustand').waitFor()
    await page.goto(`${scenario.address}/runs/2`)
    await page.getByRole('img', { name: '2 rows of Mitarbeiter' }).waitFor()
  }, 180_000)

  test('orders, duplicates and rows that wait call things so, and what is saved of them has names', async () => {
    const page = await open('de', '/orders')
    await page.getByRole('row', { name: /Mitarbeiter 2 Zustand Ausgetreten Aktiv/ }).waitFor()
    expect(await savedBy(page, saveAll(page))).toContain('hr,Person 2,state,left,active')
    await page.goto(`${scenario.address}/resources/Person/duplicates?by=state`)
    await page.getByRole('heading', { name: /Mitarbeiter/ }).waitFor()
    await page.getByRole('button', { name: /^Alike in Zustand Aktiv/ }).waitFor()
    await page.getByRole('rowheader', { name: 'Personalnummer' }).waitFor()
    expect(await savedBy(page, saveAll(page))).toContain('Person,Alike in state active')
    await page.goto(`${scenario.address}/matches`)
    await page.getByRole('heading', { name: 'Mitarbeiter 7' }).waitFor()
    await page.getByText('Found by rule 1: Zustand Aktiv').waitFor()
    await page
      .getByRole('table', { name: 'Mitarbeiter 7' })
      .getByRole('rowheader', { name: 'Zustand' })
      .waitFor()
    expect(await savedBy(page, saveAll(page))).toContain('doors,Person,7')
  }, 180_000)

  test('what is typed has names: a definition, and what is chosen by its label is sent by its name', async () => {
    const page = await open('de', '/sources/hr?tab=definition', 'admin')
    await page.getByRole('heading', { name: 'Person' }).waitFor()
    await page.getByRole('cell', { name: 'state' }).first().waitFor()
    await page.goto(`${scenario.address}/orders`)
    await page.getByRole('button', { name: 'New order' }).click()
    const dialog = page.getByRole('dialog')
    const choose = async (field: string, option: string) => {
      await dialog.getByRole('combobox', { name: field }).click()
      await page.getByRole('option', { name: option, exact: true }).click()
    }
    await choose('System', 'hr')
    await choose('Entity type', 'Mitarbeiter')
    await dialog.getByLabel('Key or name').fill('1')
    await choose('Property', 'Zustand')
    await dialog.getByLabel('Value', { exact: true }).fill('left')
    const sent = page.waitForRequest((request) => request.method() === 'POST')
    await dialog.getByRole('button', { name: 'Order', exact: true }).click()
    expect((await sent).postDataJSON()).toMatchObject({
      orders: [{ source: 'hr', entityType: 'Person', values: { state: 'left' } }],
    })
  }, 180_000)

  test('who may not read the model sees names, and asks for nothing that is refused', async () => {
    const args = ['token', 'create', 'office', '--role', 'agent', '--source', 'hr']
    const { stdout } = await callCommandLine(scenario.folder, args)
    const page = await (await scenario.browser.newContext({ locale: 'de' })).newPage()
    const refused: string[] = []
    page.on('response', (answer) => {
      if (answer.status() === 403) refused.push(answer.url())
    })
    await signIn(page, `${scenario.address}/runs/2`, /slc_[\w-]+/.exec(stdout)?.[0] ?? '')
    await page.getByRole('img', { name: '2 rows of Person' }).waitFor({ timeout: 60_000 })
    expect(refused).toEqual([])
  }, 180_000)

  test('who reads a language without labels has those of the project, and the model shows the name, too', async () => {
    const page = await open('fr', '/model?type=Person')
    await page.getByRole('heading', { name: 'Employee' }).waitFor()
    await page.getByText('Name Person').waitFor()
    await page.getByRole('rowheader', { name: 'Employee number' }).waitFor()
  }, 180_000)
})

function saveAll(page: Page): Locator {
  return page.getByRole('button', { name: 'Save all that fits as CSV' })
}

/** The text of a file that a button saves. */
async function savedBy(page: Page, button: Locator): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  return readFileSync(await download.path(), 'utf8')
}
