/** By which properties duplicates are looked for, as it stands in the address; none: by what the rules compare. @module */
export function readDuplicatesBy(address: Readonly<Record<string, unknown>>): readonly string[] {
  const { by } = address
  return typeof by === 'string' ? by.split(',').filter((name) => /^[A-Za-z]\w*$/.test(name)) : []
}
