/**
 * Gives whatever a case calls its things a name that Sluice accepts.
 *
 * Cases use names as managed systems write them: blanks, accents, leading digits, any length, two
 * that differ only in case. The legal names are in snake case already, so that a name of the model
 * and its table or column in SQL are the same.
 *
 * @module
 */

/** Two names and what stands around them have to fit into the 63 characters of an SQL name. */
const longest = 24

/** Tables that begin so are not for entity types. */
const reservedBeginning = /^(sluice|replica|pg)_/

export interface LegalNamesOptions {
  /** Names that are taken already. */
  readonly taken?: readonly string[]
  /** All that a name takes in the database: for an entity type its table and its view. */
  readonly takes?: (name: string) => readonly string[]
}

/** A legal name for each name, no two of which are the same in SQL. */
export function legalNames(
  names: Iterable<string>,
  { taken = [], takes = (name) => [name] }: LegalNamesOptions = {},
): ReadonlyMap<string, string> {
  const used = new Set(taken)
  const legal = new Map<string, string>()
  for (const name of new Set(names)) {
    const base = legalBeginning(name)
    let candidate = base
    for (let number = 2; takes(candidate).some((sqlName) => used.has(sqlName)); number += 1) {
      candidate = `${base}_${number}`
    }
    for (const sqlName of takes(candidate)) used.add(sqlName)
    legal.set(name, candidate)
  }
  return legal
}

/** The name as plain letters, digits and underscores. */
function legalBeginning(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
  const begun = /^[a-z]/.test(plain) && !reservedBeginning.test(plain) ? plain : `x_${plain}`
  return begun.slice(0, longest).replace(/_+$/, '')
}
