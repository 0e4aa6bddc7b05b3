/**
 * `sluice sync` at a terminal: shows what would change, asks, and applies exactly that.
 *
 * @module
 */
import type { RunReport } from '@sluice/model'
import type { Project } from '@sluice/project'
import type { Context, GlobalOptions } from '../context.ts'
import { calledInProject } from '../language.ts'
import { changesOf } from '../output/run-report.ts'
import type { WorkOptions } from './each-source.ts'
import { writePlan } from './write-run.ts'

/** Somebody does not want what was shown. */
export const declined = Symbol('declined')

export class ConfirmedSync {
  readonly #context: Context
  readonly #project: Project
  readonly #options: GlobalOptions
  /** Whatever else comes is wanted, too. */
  #all = false

  constructor(context: Context, project: Project, options: GlobalOptions) {
    this.#context = context
    this.#options = options
    this.#project = project
  }

  async sync(source: string, { clear, ...options }: WorkOptions): Promise<RunReport | typeof declined> {
    const project = this.#project
    if (this.#all) return await project.sync(source, options)
    // Run once: what is shown is made of the files that are applied.
    if (project.configuration.sources.get(source)?.table !== true && options.folder === undefined)
      await project.stages.export(source, options)
    const plan = await project.plan(source, { ...options, saved: true })
    clear()
    const { report, saved } = plan
    if (saved === undefined) throw new Error(`A plan of ${source} has no sum.`)
    if (changesOf(report) > 0) {
      const called = await calledInProject(this.#context, this.#options, this.#project)
      await writePlan(this.#context, plan, called, { command: null })
      if (!(await this.#isWanted(report))) return declined
    }
    const { onProgress, signal } = options
    return await project.apply(saved, { fresh: true, onProgress, signal })
  }

  async #isWanted({ exceeded }: RunReport): Promise<boolean> {
    const { ask, out } = this.#context
    if (ask === undefined) return false
    await out.line()
    const question =
      exceeded.length > 0
        ? 'This exceeds a threshold. Store it as a held run, to be approved or rejected later: yes, no? '
        : 'Apply this: yes, no, all (also the changes of the other sources, without asking)? '
    const answer = (await ask(question)).trim().toLowerCase()
    this.#all = exceeded.length === 0 && ['a', 'all'].includes(answer)
    return this.#all || ['y', 'yes'].includes(answer)
  }
}
