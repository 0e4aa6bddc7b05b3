/**
 * Lists and figures of the console, in a browser: rows that were not seen for long, trends, values that go back and forth.
 */

import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { requireConfiguration } from '../../packages/project/src/index.ts'
import { openRepository } from '../../packages/repository/src/index.ts'
import { hasBrowser } from '../browser.ts'
import { type ConsoleScenario, openConsole } from './console-scenario.ts'

describe.runIf(hasBrowser)('lists and figures in the console (needs Chromium)', () => {
  let scenario: ConsoleScenario
  beforeAll(async () => {
    scenario = await openConsole()
  })
  afterAll(() => scenario[Symbol.asyncDispose]())

  async function write(statements: string): Promise<void> {
    const { repository: location } = await requireConfiguration(join(scenario.folder, 'sluice.yaml'))
    await using repository = await openRepository(location)
    await repository.database.session((session) => session.execute(statements))
  }

  test('a number of health has its trend, and a value that goes back and forth the list of who writes it', async () => {
    await write(`
    insert into sluice_quality
      select 'Person', current_date - n, 10 + n, '{"name": [9, 0, 0]}' from generate_series(1, 5) n;
    insert into sluice_history (run_id, entity_type, resource_id, operation, before, after)
      select r.run_id, 'Person', (select min(resource_id) from person), 'update', '{}',
        jsonb_build_object('name', case when r.n % 2 = 0 then 'Even' else 'Odd' end)
      from (select run_id, row_number() over (order by run_id) as n from sluice_run where state = 'applied' order by run_id limit 4) r`)
    const page = await scenario.open('viewer', '/health?type=Person')
    const row = page.getByRole('row', { name: /^name/ })
    await row.getByRole('img', { name: 'Trend of name, Missing' }).waitFor()
    await row.getByRole('link', { name: 'Trend' }).click()
    await page.getByRole('dialog', { name: 'Trend of name' }).getByText('Known, percent').first().waitFor()
    expect(page.url()).toContain('trend=name')
    await page.keyboard.press('Escape')
    await page.goto(`${scenario.address}/health?type=Person&flapping=name`)
    const list = page.getByRole('dialog', { name: 'name goes back and forth' })
    await list.getByText('Even').first().waitFor()
    await list.getByText('Odd').first().waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.url()).not.toContain('flapping')
  })

  test('rows that were not seen for long are a filter that stands in the address', async () => {
    const page = await scenario.open('viewer', '/sources/doors?tab=replicas&unseen=30d')
    await page.getByText('No row fits').waitFor()
    await page.getByRole('combobox', { name: 'Not seen for' }).waitFor()
    await page.goto(`${scenario.address}/sources/doors?tab=replicas`)
    await page.getByRole('table').getByRole('row').nth(1).waitFor()
  })
})
