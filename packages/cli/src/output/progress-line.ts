/**
 * What something long looks like while it goes on.
 *
 * On a terminal one line that is rewritten and erased at the end; elsewhere (a log, a scheduler's
 * mail) a line every now and then, so that a long run is not taken for a dead one.
 *
 * @module
 */
import { type Progress, printable, type RunReport } from '@sluice/model'
import { byName, type Called } from './called.ts'
import { cut } from './display-value.ts'
import { labelledReport } from './labelled-report.ts'
import type { Outlet } from './outlet.ts'
import { formatBytes, formatCount, formatDuration, formatPercent, formatRate } from './quantities.ts'
import { formatPassed } from './run-report.ts'

const redrawEvery = 100
/** A run that is over sooner leaves nothing in the log but its result. */
const logEvery = 5_000
const clearLine = '\r\u001b[K'

export class ProgressLine {
  readonly #outlet: Outlet
  readonly #called: Called
  readonly #now: () => number
  #progress: Progress | undefined
  #step = ''
  #stepStarted = 0
  #reportedAt = 0
  #drawn: number
  #shown = false
  #clock: NodeJS.Timeout | undefined

  /** `called`: of what is about to be applied. */
  constructor(outlet: Outlet, called: Called = byName, now: () => number = () => performance.now()) {
    this.#outlet = outlet
    this.#called = called
    this.#now = now
    this.#drawn = outlet.interactive ? Number.NEGATIVE_INFINITY : now()
  }

  /** Takes what is reported, however often. */
  show(progress: Progress): void {
    if (progress.passed !== undefined) this.#showPlan(progress.passed)
    this.#reportedAt = this.#now()
    this.#progress = progress
    const step = `${progress.stage} ${progress.source} ${progress.subject ?? ''}`
    const begins = step !== this.#step
    if (begins) {
      this.#step = step
      this.#stepStarted = this.#reportedAt
    }
    // A statement may take minutes and report nothing: then the time that passes is what is shown.
    this.#clock ??= setInterval(() => this.#draw(false), 1000).unref()
    this.#draw(begins)
  }

  /** Erases the line, before anything else is written. */
  clear(): void {
    clearInterval(this.#clock)
    this.#clock = undefined
    if (this.#shown) void this.#outlet.write(clearLine)
    this.#shown = false
  }

  /** What is about to be applied stays on the screen, so that a person sees it before it is done. */
  #showPlan(report: RunReport): void {
    if (!this.#outlet.interactive) return
    this.clear()
    void this.#outlet.line(formatPassed(labelledReport(report, this.#called), this.#outlet.colors).join('\n'))
  }

  #draw(begins: boolean): void {
    const now = this.#now()
    const { interactive, width, colors } = this.#outlet
    const wait = interactive ? redrawEvery : logEvery
    if (this.#progress === undefined || (now - this.#drawn < wait && !(begins && interactive))) return
    this.#drawn = now
    const text = describe(this.#progress, this.#reportedAt - this.#stepStarted, now - this.#stepStarted)
    if (!interactive) {
      void this.#outlet.line(text)
      return
    }
    this.#shown = true
    void this.#outlet.write(`${clearLine}${colors.dim(cut(text, width - 1))}`)
  }
}

function describe(progress: Progress, reportedAfter: number, elapsed: number): string {
  const facts = [
    printable([progress.source, progress.stage, progress.subject].filter(Boolean).join(' ')),
    progress.rows ? `${formatCount(progress.rows)} rows` : '',
    progress.rows && reportedAfter >= 500 ? formatRate(progress.rows, reportedAfter) : '',
    progress.bytes === undefined ? '' : describeBytes(progress.bytes, progress.totalBytes),
    elapsed >= 1000 ? formatDuration(elapsed) : '',
  ]
  return facts.filter((fact) => fact !== '').join('  ')
}

function describeBytes(bytes: number, total: number | undefined): string {
  if (!total) return formatBytes(bytes)
  return `${formatBytes(bytes)} of ${formatBytes(total)} (${formatPercent(Math.floor((bytes / total) * 100), 100)})`
}
