/**
 * A project twice: with its repository here, and behind a server, called from the folder of an agent; for tests of commands that do the same in both.
 *
 * @module
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Role } from '@sluice/model'
import { callCommandLine } from './call-command-line.ts'
import { moveToServer } from './move-to-server.ts'
import { serveFolder } from './serve-folder.ts'

const roles = ['admin', 'editor', 'viewer'] as const satisfies readonly Role[]

export interface HereAndThere extends AsyncDisposable {
  readonly here: string
  /** The server's folder, and the one from which it is called. */
  readonly there: string
  readonly agent: string
  /** What a call through the server finds in its environment. */
  environmentOf(role: (typeof roles)[number]): Readonly<Record<string, string>>
  /** The folder and the environment of a call here, or through the server with a token of that role and name. */
  placeOf(role: (typeof roles)[number] | undefined): {
    readonly folder: string
    readonly environment: Readonly<Record<string, string>>
  }
  /** Calls the command line here, or through the server with a token of that role and name. */
  caller(
    role: (typeof roles)[number] | undefined,
  ): (...args: readonly string[]) => ReturnType<typeof callCommandLine>
}

/** `make` fills a folder that is there; `prepare` works in one whose repository is, before the server starts. */
export async function hereAndThere(
  name: string,
  make: (folder: string) => Promise<unknown> | unknown,
  prepare: (folder: string) => Promise<unknown> = async () => undefined,
): Promise<HereAndThere> {
  await using opening = new AsyncDisposableStack()
  const scratch = mkdtempSync(join(tmpdir(), `sluice-${name}-`))
  opening.defer(() => rmSync(scratch, { recursive: true, force: true }))
  const [here, there, agent] = [join(scratch, 'here'), join(scratch, 'there'), join(scratch, 'agent')]
  for (const folder of [here, there, agent]) {
    mkdirSync(folder)
    await make(folder)
  }
  for (const folder of [here, there]) {
    opening.use(await moveToServer(folder))
    await prepare(folder)
  }
  const server = opening.use(await serveFolder(there))
  const environments = new Map<Role, Readonly<Record<string, string>>>()
  for (const role of roles)
    environments.set(role, await server.environmentOf({ name: role, role, sources: [] }))
  const opened = opening.move()
  const environmentOf = (role: Role) => environments.get(role) ?? {}
  const placeOf = (role: Role | undefined) =>
    role === undefined
      ? { folder: here, environment: {} }
      : { folder: agent, environment: environmentOf(role) }
  return {
    here,
    there,
    agent,
    environmentOf,
    placeOf,
    caller: (role) => {
      const { folder, environment } = placeOf(role)
      return (...args) => callCommandLine(folder, args, { environment })
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
