/** Changes that make no difference, by file, and why. */
export const equivalents: Readonly<
  Record<string, readonly { readonly change: string; readonly why: string }[]>
> = {
  'packages/engine/src/guard/guard.ts': [
    {
      change: 'total === undefined || growth >= 0 → growth >= 0',
      why: 'of an unknown total nothing is too much: the compiler asks for the condition',
    },
    {
      change: 'losing.get(mapping) ?? 0 → losing.get(mapping)',
      why: 'nothing is not more than a limit: the compiler asks for the number',
    },
  ],
}
