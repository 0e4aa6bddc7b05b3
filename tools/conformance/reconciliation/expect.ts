/**
 * Compares a repository with what a scenario expects of it.
 *
 * @module
 */
import type { ReplicaCounts } from '@sluice/model'
import { type Explanation, identifier } from '@sluice/repository'
import { associationOf } from './configuration-of.ts'
import type { Expectations, ExpectedReplica, ScenarioProperty, ScenarioValues } from './scenario.ts'
import { columnName, type LoadOutcome, type RunOutcome, type Workbench } from './workbench.ts'

export interface Found {
  readonly expected: string
  readonly found: string
}

export interface LastOutcomes {
  readonly load: LoadOutcome | undefined
  readonly run: RunOutcome | undefined
}

/** The first thing that differs. */
export async function differenceFrom(
  bench: Workbench,
  expectations: Expectations,
  last: LastOutcomes,
): Promise<Found | undefined> {
  const checks = [
    () => compareLoad(expectations, last),
    () => compareRun(expectations, last),
    () => compareReport(expectations, last),
    () => compareResources(bench, expectations),
    () => compareReplicas(bench, expectations),
    () => compareLocks(bench, expectations),
    () => compareHistory(bench, expectations),
  ]
  for (const check of checks) {
    const found = await check()
    if (found !== undefined) return found
  }
  return undefined
}

function differing(about: string, expected: unknown, found: unknown): Found {
  return { expected: `${about} ${JSON.stringify(expected)}`, found: `${about} ${JSON.stringify(found)}` }
}

function compareLoad({ load }: Expectations, last: LastOutcomes): Found | undefined {
  for (const [name, expected] of Object.entries(load ?? {})) {
    const found = last.load?.[name as keyof LoadOutcome]
    if (found !== expected) return differing(`load.${name}`, expected, found)
  }
  return undefined
}

function compareRun({ run }: Expectations, last: LastOutcomes): Found | undefined {
  if (run === undefined) return undefined
  if (run.status !== last.run?.status)
    return differing('run.status', run.status, `${last.run?.status} ${last.run?.code}`)
  if (run.code !== undefined && run.code !== last.run.code)
    return differing('run.code', run.code, last.run.code)
  return undefined
}

const counters: Readonly<Record<string, keyof ReplicaCounts>> = {
  created: 'created',
  creation_errors: 'creationErrors',
  matched_updated: 'matchedUpdated',
  matched_unchanged: 'matchedUnchanged',
  reconciliation_errors: 'reconciliationErrors',
  updated: 'updated',
  unchanged: 'unchanged',
  update_errors: 'updateErrors',
  obsoleted: 'obsoleted',
  obsolescence_errors: 'obsolescenceErrors',
  deleted: 'deleted',
  deletion_errors: 'deletionErrors',
  no_action: 'noAction',
  warnings: 'warnings',
}
const errorCounters = Object.keys(counters).filter((name) => name.endsWith('_errors'))

function compareReport({ report }: Expectations, last: LastOutcomes): Found | undefined {
  const counts = last.run?.report?.entities[0]?.replicas
  const of = (name: string): number | undefined => {
    const counter = counters[name]
    return counter === undefined ? undefined : counts?.[counter]
  }
  for (const [name, expected] of Object.entries(report ?? {})) {
    const found =
      name === 'errors' ? errorCounters.reduce((sum, counter) => sum + (of(counter) ?? 0), 0) : of(name)
    if (found !== expected) return differing(`report.${name}`, expected, found)
  }
  return undefined
}

type StoredValues = Readonly<Record<string, unknown>>

async function compareResources(bench: Workbench, { resources }: Expectations): Promise<Found | undefined> {
  for (const [type, expected] of Object.entries(resources ?? {})) {
    const stored = await storedResources(bench, type)
    if (stored.length !== expected.length || !assignable(bench, expected, stored)) {
      return differing(
        type,
        expected,
        stored.map(({ values }) => values),
      )
    }
  }
  return undefined
}

interface StoredResource {
  readonly id: number
  readonly values: StoredValues
}

async function storedResources(bench: Workbench, type: string): Promise<readonly StoredResource[]> {
  const table = identifier(columnName(type))
  const rows = await bench.rows<Record<string, unknown>>(`select * from ${table} order by resource_id`)
  const properties = Object.entries(bench.types[type]?.properties ?? {})
  return await Promise.all(
    rows.map(async (row) => {
      const id = Number(row['resource_id'])
      const values = await Promise.all(
        properties.map(
          async ([name, property]) =>
            [name, await storedValue(bench, { type, name, property, row, id })] as const,
        ),
      )
      return { id, values: Object.fromEntries(values) }
    }),
  )
}

async function storedValue(
  bench: Workbench,
  of: {
    readonly type: string
    readonly name: string
    readonly property: ScenarioProperty
    readonly row: Readonly<Record<string, unknown>>
    readonly id: number
  },
): Promise<unknown> {
  const { name, property, row, id } = of
  const column = columnName(name)
  if (property.type === 'reference') return await displayOf(bench, property.to ?? '', row[`${column}_id`])
  if (property.type === 'links') return await linksOf(bench, of.type, name, property, id)
  if (property.type === 'secret') return undefined
  const value = row[column]
  if (value === null || value === undefined) return null
  if (property.type === 'file') {
    const text = value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value)
    return { filename: row[`${column}_filename`], mimetype: row[`${column}_mediatype`], text }
  }
  if (property.type === 'integer' || property.type === 'decimal') return Number(value)
  if (property.type === 'date')
    return String(value instanceof Date ? value.toISOString() : value).slice(0, 10)
  return value
}

async function displayOf(bench: Workbench, type: string, id: unknown): Promise<string | null> {
  if (id === null || id === undefined) return null
  const display = identifier(columnName(bench.types[type]?.display ?? ''))
  const [row] = await bench.rows<{ shown: string }>(
    `select ${display}::text as shown from ${identifier(columnName(type))} where resource_id = $1`,
    [id],
  )
  return row?.shown ?? `?${String(id)}`
}

async function linksOf(
  bench: Workbench,
  type: string,
  name: string,
  property: ScenarioProperty,
  id: number,
): Promise<readonly StoredValues[]> {
  const rows = await bench.rows<Record<string, unknown>>(
    `select * from ${identifier(columnName(associationOf(type, name)))} where from_id = $1`,
    [id],
  )
  const byTarget = new Map(rows.map((row) => [String(row['to_id']), row]))
  return await Promise.all(
    [...byTarget.values()].map(async (row) => ({
      to: await displayOf(bench, property.to ?? '', row['to_id']),
      ...Object.fromEntries(
        Object.keys(property.linkProperties ?? {}).map((each) => [each, row[columnName(each)] ?? null]),
      ),
    })),
  )
}

/** Whether the rows can be assigned to the resources one to one. */
function assignable(
  bench: Workbench,
  expected: readonly ScenarioValues[],
  stored: readonly StoredResource[],
): boolean {
  const [first, ...others] = expected
  if (first === undefined) return true
  return stored.some(
    (resource) =>
      fits(bench, first, resource) &&
      assignable(
        bench,
        others,
        stored.filter((other) => other !== resource),
      ),
  )
}

function fits(bench: Workbench, expected: ScenarioValues, { id, values }: StoredResource): boolean {
  return Object.entries(expected).every(([name, value]) => {
    if (name === 'is') return bench.aliases.get(String(value)) === id
    if (name === 'not') return bench.aliases.get(String(value)) !== id
    return same(value, values[name])
  })
}

function same(expected: unknown, found: unknown): boolean {
  if (found === undefined) return true
  if (Array.isArray(expected)) return Array.isArray(found) && sameLinks(expected, found)
  if (typeof expected === 'object' && expected !== null) {
    if (typeof found !== 'object' || found === null) return false
    const values = new Map(Object.entries(found))
    return Object.entries(expected).every(([name, value]) => values.get(name) === value)
  }
  return (expected === '' ? null : expected) === found
}

function sameLinks(expected: readonly unknown[], found: readonly unknown[]): boolean {
  if (expected.length !== found.length) return false
  const left = [...found]
  return expected.every((one) => {
    const wanted = typeof one === 'string' ? { to: one } : one
    const index = left.findIndex((link) => same(wanted, link))
    if (index < 0) return false
    left.splice(index, 1)
    return true
  })
}

interface StoredReplica {
  readonly key: string
  readonly status: string
  readonly creator: boolean
  readonly resource_id: string | null
  readonly error: { readonly code: string; readonly text: string } | null
  readonly warnings: readonly { readonly code: string }[] | null
}

async function compareReplicas(bench: Workbench, { replicas }: Expectations): Promise<Found | undefined> {
  for (const [source, expected] of Object.entries(replicas ?? {})) {
    const found = bench.sources[source] === undefined ? [] : await replicasOf(bench, source)
    const keys = (rows: readonly { readonly key: string }[]) => rows.map(({ key }) => key).sort()
    const wanted = expected.map((row) => ({ ...row, key: bench.fill(row.key) }))
    if (JSON.stringify(keys(found)) !== JSON.stringify(keys(wanted))) {
      return differing(`replicas of ${source}`, keys(wanted), keys(found))
    }
    for (const row of wanted) {
      const replica = found.find(({ key }) => key === row.key)
      const difference = replica && (await compareReplica(bench, source, row, replica))
      if (difference !== undefined) return difference
    }
  }
  return undefined
}

async function replicasOf(bench: Workbench, source: string): Promise<readonly StoredReplica[]> {
  const table = identifier(`replica_${source}_${columnName(bench.definitionOf(source).entityType)}`)
  return await bench.rows<StoredReplica>(
    `select key, status, creator, resource_id, error, warnings from ${table}`,
  )
}

async function compareReplica(
  bench: Workbench,
  source: string,
  expected: ExpectedReplica,
  found: StoredReplica,
): Promise<Found | undefined> {
  const about = `replica ${expected.key} of ${source}:`
  const id = found.resource_id === null ? null : Number(found.resource_id)
  const pairs: (readonly [string, unknown, unknown])[] = [
    ['status', expected.status, found.status],
    ['creator', expected.creator, found.creator],
    ['attached', expected.attached, id !== null],
    ['error', expected.error, found.error?.code ?? null],
    ['resource', expected.resource && (await idOf(bench, expected.resource)), id],
  ]
  const different = pairs.find(([, wanted, value]) => wanted !== undefined && wanted !== value)
  if (different !== undefined) {
    const [name, wanted, value] = different
    return differing(`${about} ${name}`, wanted, `${String(value)} ${found.error?.text ?? ''}`)
  }
  const text = found.error?.text ?? ''
  const missing = [expected.text ?? []].flat().find((each) => !text.includes(each))
  if (missing !== undefined) return differing(about, missing, text)
  return (
    compareWarnings(about, expected, found) ?? (await compareShadowed(bench, about, expected, { source, id }))
  )
}

function compareWarnings(
  about: string,
  { warning }: ExpectedReplica,
  { warnings }: StoredReplica,
): Found | undefined {
  if (warning === undefined) return undefined
  const wanted = warning === null ? [] : [warning].flat().sort()
  const warned = (warnings ?? []).map(({ code }) => code).sort()
  return JSON.stringify(wanted) === JSON.stringify(warned)
    ? undefined
    : differing(`${about} warning`, wanted, warned)
}

/** An alias, or `Type/displayValue`. */
export async function idOf(bench: Workbench, name: string): Promise<number> {
  const alias = bench.aliases.get(name)
  if (alias !== undefined) return alias
  const [type = '', ...rest] = name.split('/')
  const display = identifier(columnName(bench.types[type]?.display ?? ''))
  const rows = await bench.rows<{ resource_id: string }>(
    `select resource_id from ${identifier(columnName(type))} where ${display}::text = $1`,
    [rest.join('/')],
  )
  if (rows.length !== 1) throw new Error(`${rows.length} resources are called ${name}.`)
  return Number(rows[0]?.resource_id)
}

async function compareLocks(bench: Workbench, { locks }: Expectations): Promise<Found | undefined> {
  for (const [name, expected] of Object.entries(locks ?? {})) {
    const explanation = await explained(bench, await idOf(bench, name))
    const found = Object.fromEntries(
      (explanation?.values ?? []).flatMap(({ property, lockedBy }) =>
        lockedBy === null ? [] : [[property, lockedBy]],
      ),
    )
    const sorted = (of: object) => JSON.stringify(Object.entries(of).sort())
    if (sorted(found) !== sorted(expected)) return differing(`locks of ${name}`, expected, found)
  }
  return undefined
}

/** `undefined`: it is not there any more. */
async function explained(bench: Workbench, id: number): Promise<Explanation | undefined> {
  for (const type of Object.keys(bench.types)) {
    const [found] = await bench.rows(`select from ${identifier(columnName(type))} where resource_id = $1`, [
      id,
    ])
    const explanation = found === undefined ? undefined : await bench.repository.explain(type, `#${id}`)
    if (explanation !== undefined) return explanation
  }
  return undefined
}

async function compareShadowed(
  bench: Workbench,
  about: string,
  { key, shadowed }: ExpectedReplica,
  found: { readonly source: string; readonly id: number | null },
): Promise<Found | undefined> {
  if (shadowed === undefined || found.id === null) return undefined
  const explanation = await explained(bench, found.id)
  const standing = (explanation?.values ?? [])
    .filter(({ claims }) =>
      claims.some(
        (claim) => claim.source === found.source && claim.key === key && claim.standing === 'shadowed',
      ),
    )
    .map(({ property }) => property)
  const same = JSON.stringify([...shadowed].sort()) === JSON.stringify([...standing].sort())
  return same ? undefined : differing(`${about} shadowed`, shadowed, standing)
}

async function compareHistory(bench: Workbench, { history }: Expectations): Promise<Found | undefined> {
  for (const [name, expected] of Object.entries(history ?? {})) {
    const [row] = await bench.rows<{ count: number }>(
      `select count(*)::int as count from sluice_history where resource_id = $1 and operation = 'update'`,
      [await idOf(bench, name)],
    )
    if (row?.count !== expected) return differing(`history of ${name}`, expected, row?.count)
  }
  return undefined
}
