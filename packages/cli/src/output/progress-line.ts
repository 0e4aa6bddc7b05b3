/**
 * What long work looks like while it goes on.
 *
 * On a terminal one line that is rewritten and erased at the end; elsewhere (a log, a scheduler's
 * mail) a line every now and then, so that a long run is not taken for a dead one.
 *
 * @module
 */
import type { Progress, RunReport } from '@sluice/model'
import { cut, printable } from './display-value.ts'
import type { Outlet } from './outlet.ts'
import { formatBytes, formatCount, formatDuration, formatPercent, formatRate } from './quantities.ts'
import { formatPassed } from './run-report.ts'

const redrawEvery = 100
/** A run that is over sooner leaves nothing in the log but its result. */
const logEvery = 5_000
const clearLine = '\r\u001b[K'

export class ProgressLine {
  readonly #outlet: Outlet
  readonly #now: () => number
  #step = ''
  #stepStarted = 0
  #last: number
  #shown = false

  constructor(outlet: Outlet, now: () => number = () => performance.now()) {
    this.#outlet = outlet
    this.#now = now
    this.#last = outlet.interactive ? Number.NEGATIVE_INFINITY : now()
  }

  /** Takes what the engine tells, as often as it likes. */
  show(progress: Progress): void {
    if (progress.passed !== undefined) {
      this.#showPlan(progress.passed)
      return
    }
    const now = this.#now()
    const step = `${progress.stage} ${progress.source} ${progress.subject ?? ''}`
    const begins = step !== this.#step
    if (begins) {
      this.#step = step
      this.#stepStarted = now
    }
    const elapsed = now - this.#stepStarted
    if (this.#outlet.interactive) this.#redraw(describe(progress, elapsed), now, begins)
    else this.#log(describe(progress, elapsed), now)
  }

  /** What is about to be applied stays on the screen, so that a person sees it before it is done. */
  #showPlan(report: RunReport): void {
    if (!this.#outlet.interactive) return
    this.clear()
    void this.#outlet.line(formatPassed(report, this.#outlet.colors).join('\n'))
  }

  /** Erases the line, before anything else is written. */
  clear(): void {
    if (this.#shown) void this.#outlet.write(clearLine)
    this.#shown = false
  }

  #redraw(text: string, now: number, begins: boolean): void {
    if (!begins && now - this.#last < redrawEvery) return
    this.#last = now
    this.#shown = true
    const line = cut(text, this.#outlet.width - 1)
    void this.#outlet.write(`${clearLine}${this.#outlet.colors.dim(line)}`)
  }

  #log(text: string, now: number): void {
    if (now - this.#last < logEvery) return
    this.#last = now
    void this.#outlet.line(text)
  }
}

function describe(progress: Progress, elapsed: number): string {
  const facts = [
    printable([progress.source, progress.stage, progress.subject].filter(Boolean).join(' ')),
    progress.rows === undefined ? '' : `${formatCount(progress.rows)} rows`,
    progress.bytes === undefined ? '' : describeBytes(progress.bytes, progress.totalBytes),
    progress.rows && elapsed >= 500 ? formatRate(progress.rows, elapsed) : '',
    elapsed >= 1000 ? formatDuration(elapsed) : '',
  ]
  return facts.filter((fact) => fact !== '').join('  ')
}

function describeBytes(bytes: number, total: number | undefined): string {
  if (!total) return formatBytes(bytes)
  return `${formatBytes(bytes)} of ${formatBytes(total)} (${formatPercent(Math.floor((bytes / total) * 100), 100)})`
}
