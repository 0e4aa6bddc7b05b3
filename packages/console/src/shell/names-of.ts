/**
 * All names of a state that the model has: one that is left out, or that there is not, does not compile. Of the model only types are
 * loaded here.
 */
export function namesOf<Name extends string>(names: Readonly<Record<Name, true>>): readonly Name[] {
  return Object.keys(names).filter((name): name is Name => name in names)
}
