/**
 * A value as text: nothing of a number's digits is lost, of a file its name and size.
 *
 * @module
 */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'object') return fileText(value)
  return String(value)
}

function fileText(value: object): string {
  const { name = null, size }: { readonly name?: unknown; readonly size?: unknown } = value
  const parts = [
    name === null ? [] : [String(name)],
    typeof size === 'number' ? [`${size} bytes`] : [],
  ].flat()
  return parts.length === 0 ? JSON.stringify(value) : parts.join(', ')
}
