/**
 * The console with labels in the language of whoever reads: a server, its project, and a browser that is set to German.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
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
      state: {type: enum, values: {active: {en: Active, de: Aktiv}}}
associations:
  Membership: {from: Person, to: Unit, fromLabel: {en: Members, de: Mitglieder}, toLabel: {en: Units, de: Einheiten}}
sources:
  hr:
    entities:
      Unit: {file: units.csv, key: code, properties: {code: code, name: name}}
      Person: {file: people.csv, key: number, properties: {number: number, name: name, state: state}}
    associations:
      Membership: {file: people.csv, from: {column: number, by: number}, to: {column: unit, by: code}}
`

async function fill(folder: string, repository: string) {
  writeFileSync(join(folder, 'sluice.yaml'), configuration(repository))
  writeFileSync(join(folder, 'units.csv'), 'code,name\nA,Analysis\n')
  writeFileSync(join(folder, 'people.csv'), 'number,name,state,unit\n1,Ada,active,A\n')
  expect(await callCommandLine(folder, ['sync', 'hr'])).toMatchObject({ status: 0 })
}

describe.runIf(hasBrowser)('labels in the console (needs Chromium)', () => {
  let scenario: ConsoleScenario

  beforeAll(async () => {
    scenario = await openConsole({ fill })
  }, 300_000)

  afterAll(() => scenario[Symbol.asyncDispose]())

  async function open(locale: string, path: string): Promise<Page> {
    const page = await (await scenario.browser.newContext({ locale })).newPage()
    page.setDefaultTimeout(60_000)
    await signIn(page, `${scenario.address}${path}`, scenario.tokens.viewer)
    return page
  }

  test('a list, a resource and its links are called as the reader of the browser calls them', async () => {
    const page = await open('de-AT', '/resources/Person')
    await page.getByRole('heading', { name: 'Mitarbeiter' }).waitFor()
    await page.getByRole('columnheader', { name: 'Personalnummer' }).waitFor()
    await page.getByText('Aktiv', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'Ada' }).click()
    await page.getByRole('rowheader', { name: 'Personalnummer' }).waitFor()
    await page.getByRole('tab', { name: 'Links' }).click()
    await page.getByRole('heading', { name: 'Einheiten' }).waitFor()
  }, 180_000)

  test('who reads a language without labels has those of the project, and the model shows the name, too', async () => {
    const page = await open('fr', '/model?type=Person')
    await page.getByRole('heading', { name: 'Employee' }).waitFor()
    await page.getByText('Name Person').waitFor()
    await page.getByRole('rowheader', { name: 'Employee number' }).waitFor()
  }, 180_000)
})
