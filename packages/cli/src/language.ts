/**
 * In which language the person at the command line is shown labels.
 *
 * @module
 */
import { type EntityModel, type Labeller, labeller, withoutLabels } from '@sluice/model'
import type { Context, GlobalOptions } from './context.ts'

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

/** `de-DE` of `de_DE.UTF-8`, from where programs look it up for messages; `C` is no language. */
function localeOf(environment: Context['environment']): string | undefined {
  const { LC_ALL, LC_MESSAGES, LANG } = environment
  const locale = [LC_ALL, LC_MESSAGES, LANG].find((each) => each !== undefined && each !== '')
  const [language = ''] = (locale ?? '').split(/[.@]/)
  return language === '' || language === 'C' || language === 'POSIX'
    ? undefined
    : language.replaceAll('_', '-')
}
