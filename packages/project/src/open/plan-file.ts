/**
 * Plans in files: written for nobody but their owner, and read again.
 *
 * @module
 */
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { asFileFailure, FileFailureError, orDiskFull, readText } from '@sluice/files'
import { SluiceError } from '@sluice/model'
import { z } from 'zod'
import { type SavedPlan, savedPlanSchema } from './saved-plan.ts'

/**
 * SLUICE-PROJECT-09: the file is not a saved plan, or was written by another version of Sluice.
 *
 * Plans are written by `sluice plan --out FILE` and must not be edited.
 */
export class PlanFileError extends SluiceError {
  readonly code = 'SLUICE-PROJECT-09'
  readonly blame = 'usage'
  readonly retry = false

  constructor(path: string, reason: string) {
    super(`${path} cannot be applied: ${reason}.`, {
      remedy: 'sluice plan SOURCE --out FILE writes a plan.',
      place: { file: path },
    })
  }
}

/** Replaces the file at `path`, whole or not at all; only its owner may read it. */
export async function writePlanFile(path: string, plan: SavedPlan): Promise<void> {
  const draft = `${path}.new`
  try {
    await rm(draft, { force: true })
    await orDiskFull(dirname(path), writeNew(draft, `${JSON.stringify(plan, undefined, 2)}\n`))
    await rename(draft, path)
  } catch (error) {
    throw asFileFailure(error, path)
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  await using file = await open(path, 'wx', 0o600)
  await file.writeFile(text)
}

/** Throws `PlanFileError`. */
export async function readPlanFile(path: string): Promise<SavedPlan> {
  const text = await readText(path).catch((error: unknown) => {
    const failure = asFileFailure(error, path)
    if (failure instanceof FileFailureError) throw failure
    throw new PlanFileError(
      path,
      `it cannot be read (${error instanceof Error ? error.message : String(error)})`,
    )
  })
  const value = parsed(text)
  const { success, data } = z.looseObject({ version: z.number(), sum: z.string() }).safeParse(value)
  if (!success) throw new PlanFileError(path, 'it is not a plan of Sluice')
  const plan = savedPlanSchema.safeParse(value)
  if (plan.success) return plan.data
  if (data.version !== 1) throw new PlanFileError(path, 'another version of Sluice wrote it')
  const [issue] = plan.error.issues
  const where = issue?.path.map(String).join('.') ?? ''
  throw new PlanFileError(path, `its "${where}" was changed after it was written`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
