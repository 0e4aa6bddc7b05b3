/**
 * Labels as people write them: a text in the language of the project, or one by language.
 *
 * @module
 */
import { type Labels, usualLanguage } from '../entity/label.ts'

export type LabelInput = string | Readonly<Record<string, string>>

/** Absent where there is none, so that a model without labels says nothing of them. */
export function labelsOf(
  label: LabelInput | undefined,
  language: string | undefined,
): { readonly labels?: Labels } {
  return label === undefined ? {} : { labels: byLanguage(label, language) }
}

export function byLanguage(label: LabelInput, language: string = usualLanguage): Labels {
  return typeof label === 'string' ? { [language]: label } : label
}
