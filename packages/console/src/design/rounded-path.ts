/**
 * A line with bends as SVG draws it, its corners rounded.
 *
 * @module
 */
interface Point {
  readonly x: number
  readonly y: number
}

export function roundedPath(points: readonly Point[], radius = 6): string {
  return points
    .map((point, index) => {
      const [before, after] = [points[index - 1], points[index + 1]]
      if (before === undefined) return `M ${point.x} ${point.y}`
      if (after === undefined) return `L ${point.x} ${point.y}`
      const [from, to] = [toward(point, before, radius), toward(point, after, radius)]
      return `L ${from.x} ${from.y} Q ${point.x} ${point.y} ${to.x} ${to.y}`
    })
    .join(' ')
}

/** So far from a point towards another one, half of the way at most. */
function toward(point: Point, other: Point, distance: number): Point {
  const length = Math.hypot(other.x - point.x, other.y - point.y)
  const part = length === 0 ? 0 : Math.min(distance, length / 2) / length
  return { x: point.x + (other.x - point.x) * part, y: point.y + (other.y - point.y) * part }
}
