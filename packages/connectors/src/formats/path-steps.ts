/**
 * Where in a document its records are: names with slashes between, such as `/data/people`. `*` fits every name.
 *
 * @module
 */

export function stepsOf(path: string): readonly string[] {
  return path.split('/').filter((step) => step !== '')
}
