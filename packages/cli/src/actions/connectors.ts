/**
 * `sluice connectors`: what there is to choose from.
 *
 * @module
 */
import { listConnectors } from '@sluice/project'
import type { Context, GlobalOptions } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { formatTable } from '../output/table.ts'

export interface ConnectorsFlags extends GlobalOptions {
  readonly json?: boolean
}

export async function connectors({ out }: Context, { json }: ConnectorsFlags): Promise<ExitStatus> {
  const all = await listConnectors()
  if (json === true) {
    await out.line(JSON.stringify(all, undefined, 2))
    return exitStatus.done
  }
  const rows = all.map(({ kind, title, missing }) => [
    kind,
    missing.length === 0 ? 'ready' : `npm install ${missing.join(' ')}`,
    title,
  ])
  const columns = [{ title: 'connector' }, { title: 'state' }, { title: 'reads' }]
  for (const line of formatTable(columns, rows, { width: out.width, title: out.colors.bold }))
    await out.line(line)
  return exitStatus.done
}
