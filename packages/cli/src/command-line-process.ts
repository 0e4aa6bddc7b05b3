/**
 * Hands the process over to the command line.
 *
 * The one place of the command line that knows the process: its streams, environment, signals.
 *
 * @module
 */
import { userInfo } from 'node:os'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { Context } from './context.ts'
import { environment } from './environment.ts'
import { exitStatus } from './exit-status.ts'
import { invocationOf } from './invocation.ts'
import { colorChoice, Outlet } from './output/outlet.ts'
import { pagerFor } from './pager.ts'
import { runCommandLine } from './run-command-line.ts'
import { Stopwatch } from './stopwatch.ts'

/** Milliseconds in which work that is given up has to end. */
const endingTime = 7000
const argv = process.argv.slice(2)
const interruption = new AbortController()
const urgency = new AbortController()
let graceful = false
/** Milliseconds after SIGTERM: the work is given up, and the process ends. Most schedulers kill after half a minute. */
const timesToEnd = { work: Number.POSITIVE_INFINITY, process: 22_000 }
const color = colorChoice(!argv.includes('--no-color'), environment)
const escapesFormulas = argv.includes('--escape-formulas') || environment['SLUICE_ESCAPE_FORMULAS'] === '1'

const context: Context = {
  out: new Outlet(process.stdout, { color, program, escapesFormulas }),
  err: new Outlet(process.stderr, { color, program, skips: true }),
  showPages: argv.includes('--no-pager') ? undefined : pagerFor(process.stdout, environment),
  input: process.stdin,
  ask: process.stdin.isTTY && process.stderr.isTTY ? ask : undefined,
  environment,
  workingFolder: process.cwd(),
  user: userName(),
  signal: interruption.signal,
  // Node's clock begins with the process.
  stopwatch: new Stopwatch(0),
  graceful: (within) => {
    graceful = true
    timesToEnd.work = within
    timesToEnd.process = within + endingTime
    return urgency.signal
  },
  endWithin: (milliseconds) => {
    timesToEnd.process = milliseconds
  },
  onHangup: (listener) => {
    process.on('SIGHUP', listener)
    return () => process.off('SIGHUP', listener)
  },
  onLockWait: (sentence) => void context.err.write(`${sentence}\n`),
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    const asked = interruption.signal.aborted
    // Asked once too often, it does not wait: the transaction goes with the process.
    if (asked && (!graceful || urgency.signal.aborted)) process.exit(exitStatus.interrupted)
    if (asked) urgency.abort()
    else interruption.abort()
    if (signal === 'SIGTERM' && !asked) endInTime()
  })
}

/** Nobody may ask again. */
function endInTime(): void {
  if (graceful) setTimeout(() => urgency.abort(), timesToEnd.work).unref()
  setTimeout(() => {
    void context.err.line('What was at work did not end in time, and ends with the process.')
    process.exit(exitStatus.interrupted)
  }, timesToEnd.process).unref()
}

const status = await runCommandLine(context, argv)
await context.out.write('')
await context.err.write('')
process.exit(status)

/** Looked for when a hint is printed. */
function program(): string {
  return invocationOf({
    environment,
    workingFolder: process.cwd(),
    node: process.execPath,
    main: process.argv[1] ?? 'sluice',
    // What is published, and a clone.
    entries: ['./main.js', '../bin/sluice.js'].map((path) => fileURLToPath(new URL(path, import.meta.url))),
  })
}

async function ask(question: string, { hidden = false } = {}): Promise<string> {
  const { createInterface } = await import('node:readline/promises')
  const { Writable } = await import('node:stream')
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({
    input: process.stdin,
    output: hidden ? nowhere : process.stderr,
    terminal: true,
  })
  if (hidden) process.stderr.write(question)
  try {
    // Ctrl-D closes it, and says nothing.
    const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')))
    return await Promise.race([terminal.question(question, { signal: interruption.signal }), closed])
  } finally {
    terminal.close()
    if (hidden) process.stderr.write('\n')
  }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // Containers run under numbers that have no name.
    return String(process.getuid?.() ?? 'unknown')
  }
}
