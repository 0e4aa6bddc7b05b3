/**
 * Syncmappings in the console: a typo is found, mended, seen on a root, stored and carried out; nothing that is written is lost.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callCommandLine } from '../../packages/cli/test/call-command-line.ts'
import { barriersOf, hasBrowser, picture } from '../browser.ts'
import { type ConsoleScenario, openConsole } from './console-scenario.ts'

const model = `
entityTypes:
  Computer: {display: Name, properties: {SyncKey: string, Name: string, OperatingSystem: string}}
  Software: {display: Name, properties: {SyncKey: string, Name: string}}
  Rack: {display: Name, properties: {SyncKey: string, Name: string}}
associations:
  RunsOn: {from: Software, to: Computer}
sources:
  racks: {folder: racks, graph: {files: graph.jsonl, modules: racks/racks.tpl}}
`
const definition = `
sources:
  discovery: {graph: {files: graph.jsonl, modules: maps}}
`
const hosts = `tpl 1.15 module Hosts;

syncmapping Host_Computer 1.0
  "A host with the software that runs on it."
  overview tags CMDB; end overview;
  mapping on Host as host
    computer -> Computer;
    traverse Host:HostedSoftware:RunningSoftware:SoftwareInstance as si
      software -> Software;
    end traverse;
  end mapping;
  body
    computer := sync.Computer(key := host.key, Name := host.name, OperatingSystem := host.operating_sytem);
    for each si do
      software := sync.Software(key := si.key, Name := si.name);
      sync.rel.RunsOn(Source := software, Destination := computer);
    end for;
  end body;
end syncmapping;
`
const racks = `tpl 1.15 module Racks;

syncmapping Rack 1.0
  "A rack."
  overview tags CMDB; end overview;
  mapping on Rack as rack
    made -> Rack;
  end mapping;
  body
    made := sync.Rack(key := rack.key, Name := rack.name);
  end body;
end syncmapping;
`

const numbers = Array.from({ length: 20 }, (_, number) => String(number + 10))
const graph = numbers.flatMap((number) => [
  {
    id: `host-${number}`,
    kind: 'Host',
    attributes: { key: `H${number}`, name: `web${number}`, operating_system: 'Debian 12' },
  },
  { id: `nginx-${number}`, kind: 'SoftwareInstance', attributes: { key: `N${number}`, name: 'nginx' } },
  {
    from: `host-${number}`,
    fromRole: 'Host',
    kind: 'HostedSoftware',
    toRole: 'RunningSoftware',
    to: `nginx-${number}`,
  },
])
const lines = (all: readonly object[]) => all.map((one) => `${JSON.stringify(one)}\n`).join('')

async function fill(folder: string, repository: string): Promise<void> {
  for (const name of ['maps', 'data', 'racks']) mkdirSync(join(folder, name))
  writeFileSync(join(folder, 'sluice.yaml'), `repository: ${repository}\n${model}`)
  writeFileSync(join(folder, 'discovery.yaml'), definition)
  writeFileSync(join(folder, 'maps/hosts.tpl'), hosts)
  writeFileSync(join(folder, 'racks/racks.tpl'), racks)
  writeFileSync(join(folder, 'data/graph.jsonl'), lines(graph))
  const rack = { id: 'r1', kind: 'Rack', attributes: { key: 'R1', name: 'Rack 1' } }
  writeFileSync(join(folder, 'racks/graph.jsonl'), lines([rack]))
  const sluice = async (...args: readonly string[]) => {
    const { status, stderr } = await callCommandLine(folder, args)
    if (status !== 0) throw new Error(stderr)
  }
  await sluice('source', 'apply', 'discovery.yaml')
  await sluice('sync', 'discovery', '--folder', 'data', '--quiet')
  await sluice('sync', 'racks', '--quiet')
}

describe.runIf(hasBrowser)('syncmappings in the console (needs Chromium)', () => {
  let scenario: ConsoleScenario
  beforeAll(async () => {
    scenario = await openConsole({ fill })
  })
  afterAll(() => scenario?.[Symbol.asyncDispose]())

  const editorOf = (page: Page, file = 'maps/hosts.tpl') =>
    page.getByRole('textbox', { name: `Module ${file}` })

  /** Puts the cursor at the beginning of the misspelt name, by the way that the list of problems is. */
  async function goToTypo(page: Page): Promise<void> {
    await page.getByRole('tab', { name: 'Problems' }).click()
    await page.getByRole('button', { name: /operating_sytem/ }).click()
    await expect
      .poll(() => editorOf(page).evaluate('document.activeElement.className'))
      .toContain('cm-content')
  }

  test('shows nothing to store, and an editor that only shows, to whoever only reads', async () => {
    const page = await scenario.open('viewer', '/mappings/discovery')
    await editorOf(page).waitFor()
    expect(await editorOf(page).getAttribute('aria-readonly')).toBe('true')
    await page.getByText('Trying a root needs the role operator.').waitFor()
    expect(await page.getByRole('button', { name: 'Store…' }).count()).toBe(0)
  })

  test('names the file where the modules of a source lie in files, and lets them be tried', async () => {
    const page = await scenario.open('operator', '/mappings')
    await page.getByText('racks', { exact: true }).click()
    await page.getByText(/sluice\.yaml:\d+ names the files of these modules/).waitFor()
    await page.getByRole('combobox', { name: 'Root' }).fill('r1')
    await page.getByRole('combobox', { name: 'Root' }).press('Enter')
    await page.getByText('It gives what it gives now.').waitFor()
    await editorOf(page, 'racks/racks.tpl').click()
    await page.keyboard.press('Control+Home')
    await page.keyboard.type('// tried\n')
    await page.getByRole('button', { name: 'Download' }).waitFor()
    expect(await page.getByRole('button', { name: 'Store…' }).count()).toBe(0)
  })

  test('completes what the graph and the model have, and tells of what is under the pointer', async () => {
    const page = await scenario.open('admin', '/mappings/discovery')
    await goToTypo(page)
    await page.keyboard.press('Control+Shift+ArrowRight')
    await page.keyboard.type('oper')
    await page.getByRole('option', { name: /operating_system/ }).click()
    await expect.poll(() => editorOf(page).innerText()).toContain('host.operating_system)')
    await editorOf(page).getByText('operating_system', { exact: true }).hover()
    await page.locator('.sluice-hover', { hasText: 'of a node of kind Host' }).waitFor()
  })

  test('a typo is found, mended, seen on a root, stored, and carried out by a run that is weighed', async () => {
    const page = await scenario.open('admin', '/mappings')
    await page.getByText('discovery', { exact: true }).click()
    await goToTypo(page)
    await page.keyboard.press('Control+Shift+ArrowRight')
    await page.keyboard.type('operating_system')
    await page.keyboard.press('Escape')
    await page.getByText('Nothing is wrong with the modules.').waitFor()
    await page.getByRole('tab', { name: 'Result' }).click()
    await page.getByRole('combobox', { name: 'Root' }).fill('host-1')
    await page.getByRole('option', { name: 'host-11' }).click()
    await page.getByText('Debian 12').waitFor()
    await picture(page, 'mapping')

    // A reload, and nothing is lost.
    await page.reload()
    await page.getByText('Debian 12').waitFor()
    expect(await editorOf(page).innerText()).toContain('host.operating_system)')

    await page.getByRole('button', { name: 'Store…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Store the modules of discovery' })
    await dialog.getByText('host.operating_sytem').waitFor()
    await dialog.getByRole('button', { name: 'Store', exact: true }).click()
    await page.getByRole('button', { name: 'What would change?' }).click()
    await page.getByText('Of all roots: 0 would come, 20 would change, 0 would go.').waitFor()
    await page.getByRole('button', { name: 'Evaluate all roots' }).click()
    await page.getByText('This run waits for a decision').waitFor()
    await page.goto(`${scenario.address}/sources/discovery?tab=definition`)
    await page
      .getByText(/maps\/hosts\.tpl/)
      .first()
      .waitFor()
  })

  test('what somebody else has stored meanwhile is not written over unseen', async () => {
    const page = await scenario.open('admin', '/mappings/discovery')
    await editorOf(page).click()
    await page.keyboard.press('Control+Home')
    await page.keyboard.type('// mine\n')
    await page.getByRole('button', { name: 'Store…' }).waitFor()
    const api = `${new URL(scenario.address).origin}/api/v1/sources/discovery/modules`
    const stored = await (await page.request.get(api)).json()
    const modules = stored.modules.map((one: { file: string; text: string }) => ({
      ...one,
      text: `// theirs\n${one.text}`,
    }))
    const put = await page.request.put(api, {
      headers: { 'x-sluice-console': '1' },
      data: { modules, version: stored.version },
    })
    expect(put.ok()).toBe(true)
    await page.getByRole('button', { name: 'Store…' }).click()
    await page.getByText('were changed since they were read').waitFor()
    await page.reload()
    await page.getByText('Somebody has stored other modules since you began to write').waitFor()
    await page.getByRole('button', { name: 'Take theirs' }).click()
    await expect.poll(() => editorOf(page).innerText()).toContain('// theirs')
  })

  test.each([
    ['/mappings', 'mappings'],
    ['/mappings/discovery?root=host-12', 'mapping-result'],
    ['/mappings/discovery?tab=drawing', 'mapping-drawing'],
  ])('%s keeps nobody out, light and dark, and is not wider than 360 pixels', async (path, name) => {
    const complaints: string[] = []
    const page = await scenario.open('admin')
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', ({ message }) => complaints.push(message))
    await page.goto(`${scenario.address}${path}`)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    await page.waitForLoadState('networkidle')
    await expect.poll(() => page.locator('[aria-busy=true]').count(), { timeout: 60_000 }).toBe(0)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await barriersOf(page), colorScheme).toEqual([])
    }
    await page.setViewportSize({ width: 360, height: 800 })
    const wide = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    expect(wide).toBeLessThanOrEqual(0)
    await picture(page, name)
    expect(complaints).toEqual([])
  })
})
