/**
 * `npm run conformance -- FOLDER`: replays the cases of a folder and prints one line for each.
 *
 * Exit status: 0 when none failed, 1 when one did or there was none to replay, 2 on wrong usage.
 *
 * @module
 */
import { parseArgs } from 'node:util'
import { replayAll } from './replay-all.ts'
import { readCases } from './suites.ts'

const usage = `npm run conformance -- FOLDER [--database pglite|postgres://…] [--only C01,C03] [--verbose]`

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const parsed = parse(args)
  if (parsed === undefined) {
    console.error(`Usage: ${usage}`)
    return 2
  }
  const { folder, database, only, verbose } = parsed
  const all = await readCases(folder)
  const cases = only === undefined ? all : all.filter(({ id }) => only.includes(id))
  if (cases.length === 0) {
    console.error(all.length === 0 ? `No cases were found in ${folder}.` : `None of its cases is called so.`)
    return 1
  }
  const { failed } = await replayAll(cases, { database, verbose, print: (line) => console.log(line) })
  return failed === 0 ? 0 : 1
}

function parse(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        database: { type: 'string', default: 'pglite' },
        only: { type: 'string' },
        verbose: { type: 'boolean', default: false },
      },
    })
    const [folder, ...rest] = positionals
    const known = values.database === 'pglite' || /^postgres(ql)?:\/\//.test(values.database)
    if (folder === undefined || rest.length > 0 || !known) return undefined
    return { ...values, folder, only: values.only?.split(',').map((id) => id.trim()) }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return undefined
  }
}
