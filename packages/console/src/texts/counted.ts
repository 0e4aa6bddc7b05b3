const plural = new Intl.PluralRules('en')
const whole = new Intl.NumberFormat()

/** `1 row`, `2,000 rows`. */
export function counted(count: number, one: string, other: string): string {
  return `${whole.format(count)} ${plural.select(count) === 'one' ? one : other}`
}
