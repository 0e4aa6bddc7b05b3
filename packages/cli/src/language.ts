/**
 * In which language the person at the command line is shown labels.
 *
 * @module
 */
import { type EntityModel, type Labeller, labeller, withoutLabels } from '@sluice/model'
import type { Project, RepositoryReader } from '@sluice/project'
import { type Context, configurationOf, type GlobalOptions } from './context.ts'
import { byName, type Called, calledIn } from './output/called.ts'

/** Names in place of labels. */
const noLanguage = 'none'

export function labellerOf(
  { environment }: Pick<Context, 'environment'>,
  { language }: Pick<GlobalOptions, 'language'>,
  model: Pick<EntityModel, 'language'>,
): Labeller {
  const wanted = language ?? environment['SLUICE_LANGUAGE'] ?? localeOf(environment)
  return wanted === noLanguage ? withoutLabels : labeller(model, wanted)
}

/** What whoever looks calls the things of a model. */
function calledBy(
  context: Pick<Context, 'environment'>,
  options: Pick<GlobalOptions, 'language'>,
  model: EntityModel,
): Called {
  return calledIn(model, labellerOf(context, options, model))
}

/** Those of a project: of its files where they have a model, which a token that may do little need not be able to read, else of the server. */
export async function calledInProject(
  context: Context,
  options: GlobalOptions,
  project: Pick<Project, 'configuration'> & Partial<Pick<Project, 'repository'>>,
): Promise<Called> {
  const { model } = project.configuration
  const { repository } = project
  if (model.entityTypes.size > 0 || repository === undefined) return calledBy(context, options, model)
  return await calledInRepository(context, options, repository)
}

/** A report is shown, whatever can be said of what is in it. */
export async function calledInRepository(
  context: Context,
  options: GlobalOptions,
  repository: Pick<RepositoryReader, 'model'>,
): Promise<Called> {
  return await repository.model().then(
    (model) => calledBy(context, options, model),
    () => byName,
  )
}

/** Those of the files of a project that is opened for its sources alone. */
export async function calledHere(context: Context, options: GlobalOptions): Promise<Called> {
  return await configurationOf(context, options).then(
    ({ model }) => calledBy(context, options, model),
    () => byName,
  )
}

/** `de-DE` of `de_DE.UTF-8`, from where programs look it up for messages; `C` is no language. */
function localeOf(environment: Context['environment']): string | undefined {
  const { LC_ALL, LC_MESSAGES, LANG } = environment
  const locale = [LC_ALL, LC_MESSAGES, LANG].find((each) => each !== undefined && each !== '')
  const [language = ''] = (locale ?? '').split(/[.@]/)
  return language === '' || language === 'C' || language === 'POSIX'
    ? undefined
    : language.replaceAll('_', '-')
}
