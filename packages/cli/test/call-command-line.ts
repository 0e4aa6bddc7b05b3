/**
 * Calls the command line in this process, without the time it takes to start one.
 *
 * @module
 */
import { Readable, Writable } from 'node:stream'
import { Outlet } from '../src/output/outlet.ts'
import { runCommandLine } from '../src/run-command-line.ts'

export interface Finished {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

export interface CallOptions {
  readonly environment?: Readonly<Record<string, string>> | undefined
  readonly user?: string | undefined
  /** What is piped in. */
  readonly input?: string | undefined
  /** What somebody at a terminal answers: whatever is asked, or by the question. */
  readonly answer?: string | ((question: string) => string | Promise<string>) | undefined
  /** Results are seen on a terminal, and not written into a pipe. */
  readonly terminal?: boolean | undefined
  /** Aborted as by Ctrl-C. */
  readonly signal?: AbortSignal | undefined
  /** Is given all that it has said to the error output, each time it says something. */
  readonly onStderr?: ((text: string) => void) | undefined
}

export async function callCommandLine(
  workingFolder: string,
  args: readonly string[],
  {
    environment = {},
    user = 'tester',
    input,
    answer,
    terminal = false,
    signal = new AbortController().signal,
    onStderr,
  }: CallOptions = {},
): Promise<Finished> {
  const [out, err] = [captured(undefined, terminal), captured(onStderr)]
  const status = await runCommandLine(
    {
      out: out.outlet,
      err: err.outlet,
      input: input === undefined ? undefined : Readable.from([Buffer.from(input)]),
      ask:
        answer === undefined
          ? undefined
          : async (question) => (typeof answer === 'string' ? answer : await answer(question)),
      environment,
      workingFolder,
      user,
      signal,
      graceful: () => new AbortController().signal,
    },
    args,
  )
  return { status, stdout: out.text(), stderr: err.text() }
}

function captured(onText?: (text: string) => void, isTTY = false) {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      onText?.(text)
      done()
    },
  })
  const seen = isTTY ? Object.assign(stream, { isTTY, columns: 120 }) : stream
  return { outlet: new Outlet(seen, { color: false }), text: () => text }
}
