/**
 * `has subword` and `has substring`. Both ignore case.
 *
 * @module
 */

export function hasSubstring(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase())
}

/** All of the words, in any order; what stands between quotation marks is a phrase. */
export function hasSubword(text: string, wanted: string): boolean {
  const words = ` ${wordsOf(text).join(' ')} `
  const phrases = [...wanted.matchAll(/["']([^"']*)["']|[^"'\s]+/g)].map(([all, phrase]) =>
    wordsOf(phrase ?? all),
  )
  const asked = phrases.filter((phrase) => phrase.length > 0)
  return asked.length > 0 && asked.every((phrase) => words.includes(` ${phrase.join(' ')} `))
}

/** What is no letter and no digit parts words. */
function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}
