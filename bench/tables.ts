/**
 * The bench's result for people: on the screen, and in docs/performance.md.
 *
 * @module
 */
import { readFile, writeFile } from 'node:fs/promises'
import { cpus, totalmem, type } from 'node:os'
import type { EditResult } from './edit.ts'
import type { LoadResult } from './load.ts'
import type { BenchRow } from './measure.ts'
import { serverSettings } from './scratch-server.ts'

export interface MemoryRow {
  readonly task: string
  readonly megabytes: number
  readonly limit: number
}

/** What a bench has found. */
export interface Measured {
  readonly rows: readonly BenchRow[]
  readonly memory: readonly MemoryRow[]
  readonly edits: readonly EditResult[]
  readonly load: readonly LoadResult[]
}

const page = new URL('../docs/performance.md', import.meta.url)
const begin = '<!-- bench: begin -->'
const end = '<!-- bench: end -->'

export function printTables(measured: Measured): void {
  process.stdout.write(`\n${allTables(measured)}\n`)
}

/** Those that hold anything. */
function allTables({ rows, edits, load, memory }: Measured): string {
  return [
    ...(rows.length === 0 ? [] : [speedTable(rows)]),
    ...(edits.length === 0 ? [] : [editTable(edits)]),
    ...(load.length === 0 ? [] : [loadTable(load)]),
    ...(memory.length === 0 ? [] : [memoryTable(memory)]),
  ].join('\n\n')
}

/** Puts the tables between the marks of the page; the words around them stay. */
export async function writePage(
  measured: Measured,
  of: { readonly rows: number; readonly rounds: number },
): Promise<void> {
  const text = await readFile(page, 'utf8')
  const before = text.slice(0, text.indexOf(begin) + begin.length)
  const after = text.slice(text.indexOf(end))
  const day = new Date().toISOString().slice(0, 10)
  const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GB, ${type()}, Node ${process.versions.node}`
  const what = `Measured ${day} with ${of.rows.toLocaleString('en')} rows of 12 columns, ${of.rounds} rounds; ${machine}; PostgreSQL 18 on the same machine with ${serverSettings.join(', ')}, fsync on.`
  await writeFile(page, `${before}\n\n${what}\n\n${allTables(measured)}\n\n${after}`)
}

function speedTable(rows: readonly BenchRow[]): string {
  const lines = rows.map(
    (row) =>
      `| ${row.task} | ${row.floor} | ${seconds(row.floorMilliseconds)} | ${seconds(row.milliseconds)} | ${row.ratio.toFixed(row.ratio < 0.1 ? 3 : 2)} × | ${row.limit === null ? '' : `${row.limit} ×`} |`,
  )
  return [
    '| work | floor | floor | Sluice | ratio | at most |',
    '| --- | --- | ---: | ---: | ---: | ---: |',
    ...lines,
  ].join('\n')
}

function editTable(edits: readonly EditResult[]): string {
  const lines = edits.map(
    ({ sent, perSecond, median, p99, cpu }) =>
      `| ${sent} | ${perSecond.toFixed(0)} | ${median.toFixed(1)} ms | ${p99.toFixed(1)} ms | ${cpu.toFixed(2)} ms |`,
  )
  return [
    '| edits through the API, sent | a second | median at the server | p99 at the server | processor of the server, an edit |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...lines,
  ].join('\n')
}

function loadTable(load: readonly LoadResult[]): string {
  const ms = (of: number) => `${of < 10 ? of.toFixed(1) : of.toFixed(0)} ms`
  const lines = load.map(
    ({ beside, reads, p50, p95, p99, max, errors, select, late, megabytes }) =>
      `| ${beside} | ${reads} | ${ms(p50)} | ${ms(p95)} | ${ms(p99)} | ${ms(max)} | ${errors} | ${ms(select)} | ${ms(late)} | ${megabytes} MB |`,
  )
  return [
    '| reads beside | number | median | p95 | p99 | longest | errors | p99 of a bare select | event loop late, p99 | server holds |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...lines,
  ].join('\n')
}

function memoryTable(rows: readonly MemoryRow[]): string {
  const lines = rows.map(({ task, megabytes, limit }) => `| ${task} | ${megabytes} MB | ${limit} MB |`)
  return ['| most memory held | found | at most |', '| --- | ---: | ---: |', ...lines].join('\n')
}

function seconds(milliseconds: number): string {
  return milliseconds < 100 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`
}
