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

const usage = `npm run conformance -- FOLDER [--database pglite|postgres://…] [--through process|http] [--only C01,C03] [--verbose]`

const ways = ['process', 'http'] as const

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const parsed = parse(args)
  if (parsed === undefined) {
    console.error(`Usage: ${usage}`)
    return 2
  }
  const { folder, database, only, verbose, through } = parsed
  const all = await readCases(folder)
  const cases = only === undefined ? all : all.filter(({ id }) => only.includes(id))
  if (cases.length === 0) {
    console.error(all.length === 0 ? `No cases were found in ${folder}.` : `None of its cases is called so.`)
    return 1
  }
  const { failed } = await replayAll(cases, {
    database,
    through,
    verbose,
    print: (line) => console.log(line),
  })
  return failed === 0 ? 0 : 1
}

function parse(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        database: { type: 'string', default: 'pglite' },
        through: { type: 'string', default: 'process' },
        only: { type: 'string' },
        verbose: { type: 'boolean', default: false },
      },
    })
    const [folder, ...rest] = positionals
    const known = values.database === 'pglite' || /^postgres(ql)?:\/\//.test(values.database)
    const through = ways.find((way) => way === values.through)
    if (folder === undefined || rest.length > 0 || !known || through === undefined) return undefined
    return { ...values, folder, through, only: values.only?.split(',').map((id) => id.trim()) }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return undefined
  }
}
