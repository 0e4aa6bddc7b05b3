/**
 * Lists and figures of the console, in a browser: rows that were not seen for long, trends, values that go back and forth.
 */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
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

  test('a source has its trend over its applied runs, on the page of health and on its own', async () => {
    await write(`
    insert into sluice_run (cause, by_kind, by_name, source_id, mode, state, started_at, finished_at, report)
      select r.cause, r.by_kind, r.by_name, r.source_id, r.mode, r.state, now(), now() + n * interval '1 hour', r.report
      from sluice_run r join sluice_source s using (source_id), generate_series(1, 3) n
      where s.name = 'ad' and r.cause = 'delivery' and r.state = 'applied' order by r.run_id limit 3`)
    const page = await scenario.open('viewer', '/health')
    const row = page.getByRole('row', { name: /^ad/ })
    await row.getByRole('img', { name: 'Trend of ad, Rejected rows' }).waitFor()
    await row.getByRole('link', { name: 'Trend' }).click()
    const dialog = page.getByRole('dialog', { name: 'Trend of ad' })
    await dialog.getByRole('img', { name: 'Trend of ad, Hours since the run before' }).waitFor()
    expect(page.url()).toContain('source=ad')
    await page.goto(`${scenario.address}/sources/ad`)
    await page.getByRole('img', { name: 'Trend of ad, Rows that came' }).waitFor()
  })

  test('rows that were not seen for long are a filter that stands in the address', async () => {
    const page = await scenario.open('viewer', '/sources/doors?tab=replicas&unseen=30d')
    await page.getByText('No row fits').waitFor()
    await page.getByRole('combobox', { name: 'Not seen for' }).waitFor()
    await page.goto(`${scenario.address}/sources/doors?tab=replicas`)
    await page.getByRole('table').getByRole('row').nth(1).waitFor()
  })
  test('links of a resource go on as they are scrolled: all of them are counted, and saved', async () => {
    await write(`
    insert into person (resource_id, name, _created_run, _changed_run)
      select 700000 + n, 'Member ' || lpad(n::text, 4, '0'), 1, 1 from generate_series(1, 1200) n;
    insert into "group" (resource_id, name, _created_run, _changed_run) values (800000, 'Everybody', 1, 1);
    insert into membership (source_id, from_id, to_id) select 0, 700000 + n, 800000 from generate_series(1, 1200) n`)
    const page = await scenario.open('viewer', '/resources/Group/800000?tab=links')
    await page.getByText('1,200').waitFor()
    const list = page.getByRole('table', { name: 'Everybody Membership' })
    await list.getByText('Member 0001').waitFor()
    await scrollTo(page, list, 'Member 1200')
    expect(await saved(page)).toBe(1201)
  })

  test('rejected rows and deliveries go on as they are scrolled, and are saved whole', async () => {
    await write(`
    insert into sluice_rejected_row (run_id, mapping, file, line, key, column_name, value, reason)
      select (select max(run_id) from sluice_run r join sluice_source s using (source_id) where s.name = 'cmdb' and r.state = 'applied'),
        'Server', 'servers.csv', n, 'key ' || n, 'memory', 'much', 'not a whole number' from generate_series(1, 1200) n;
    insert into sluice_delivery (delivery_id, source_id, mode, state, by_kind, by_name, announced_at)
      select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, source_id, 'complete', 'cancelled', 'token', 'agent ' || n, now()
      from sluice_source, generate_series(1, 1200) n where name = 'cmdb'`)
    const page = await scenario.open('viewer', '/sources/cmdb?tab=left-out')
    const rejected = page.getByRole('table', { name: 'cmdb-rejected' })
    await rejected.getByText('key 1', { exact: true }).waitFor()
    await scrollTo(page, rejected, 'key 1200')
    await page.goto(`${scenario.address}/sources/cmdb?tab=deliveries`)
    const deliveries = page.getByRole('table', { name: 'cmdb-deliveries' })
    await deliveries.getByText('agent 1200').waitFor()
    await scrollTo(page, deliveries, 'agent 1')
    expect(await saved(page)).toBeGreaterThan(1200)
  })

  test('duplicates go on when more are asked for', async () => {
    await write(`
    insert into "group" (resource_id, name, description, _created_run, _changed_run)
      select 810000 + n, 'Twin ' || n, 'pair ' || lpad(((n + 1) / 2)::text, 3, '0'), 1, 1 from generate_series(1, 500) n`)
    const page = await scenario.open('viewer', '/resources/Group/duplicates?by=description')
    await page.getByText('The first 200 groups').waitFor()
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.getByText('250 groups').waitFor()
    await page.getByText('pair 250').waitFor()
    expect(await saved(page)).toBe(251)
  })
})

/** Scrolls a list to its end, again and again, until a row is there. */
async function scrollTo(page: Page, list: Locator, text: string): Promise<void> {
  await list.hover()
  await expect
    .poll(
      async () => {
        await page.mouse.wheel(0, 1_000_000)
        return await list.getByText(text).count()
      },
      { timeout: 20_000, interval: 200 },
    )
    .toBeGreaterThan(0)
}

/** Lines of the list that is saved. */
async function saved(page: Page): Promise<number> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save all that fits as CSV' }).click(),
  ])
  return (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n').length
}
