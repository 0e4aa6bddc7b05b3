/** Where the pages of types and resources are. @module */
export function typeAddress(type: string): string {
  return `/resources/${encodeURIComponent(type)}`
}

export function resourceAddress(type: string, id: string): string {
  return `${typeAddress(type)}/${id}`
}
