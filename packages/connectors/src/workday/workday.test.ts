import { expect, test } from 'vitest'
import { HttpSystem } from '../../test/http-system.ts'
import { record } from '../../test/recorded-export.ts'
import { workday } from './connector.ts'

const workers = [
  {
    Employee_ID: '21001',
    Worker: 'Logan McNeil',
    Last_Modified: '2026-11-30T08:00:00.123-08:00',
    Organizations: [{ Name: 'Sales' }, { Name: 'All' }],
  },
  { Employee_ID: '21002', Worker: 'Steve Morgan', Last_Modified: '2026-11-29T08:00:00.000-08:00' },
]

test('reports are read with their prompts, lists within rows, and what was changed since', async () => {
  await using system = await HttpSystem.open(() => ({ body: { Report_Entry: workers } }))
  const options = {
    address: `${system.address}/ccx/service/customreport2/example`,
    user: 'ISU',
    password: { environment: 'PASSWORD' },
    tables: {
      workers: {
        report: 'jdoe/All Workers',
        prompts: { Active: true },
        changed: { column: 'Last_Modified', prompt: 'Updated_From' },
      },
      orgs: { report: 'jdoe/All Workers', each: 'Organizations' },
    },
  }
  const wanted = {
    'workers.csv': ['Employee_ID', 'Worker'],
    'orgs.csv': ['Employee_ID', 'Organizations.Name'],
  }
  const first = await record(workday, options, wanted, { secrets: { PASSWORD: 'x' } })
  expect(first.tables['orgs.csv']?.slice(1)).toEqual([
    ['21001', 'Sales'],
    ['21001', 'All'],
  ])
  expect(system.asked[0]).toMatchObject({ path: '/ccx/service/customreport2/example/jdoe/All Workers' })
  expect(Object.fromEntries(system.asked[0]?.query ?? [])).toEqual({ format: 'json', Active: 'true' })
  const second = await record(workday, options, wanted, {
    secrets: { PASSWORD: 'x' },
    mode: 'incremental',
    cookies: first.cookies,
  })
  expect(system.asked[2]?.query.get('Updated_From')).toBe('2026-11-30T15:50:00Z')
  expect(second.tables['workers.csv']?.[0]).toEqual(['command', 'Employee_ID', 'Worker'])
  expect(second.tables['orgs.csv']?.[0]).toEqual(['Employee_ID', 'Organizations.Name'])
})
