/** `cameraId` → `camera_id`. */
export function toSnake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
}

/** `changePassword` → `change-password`. */
export function toKebab(name: string): string {
  return toSnake(name).replaceAll('_', '-')
}

/** From each name's snake_case form to the name: `camera_id` → `cameraId`. */
export function snakeNames(names: Iterable<string>): ReadonlyMap<string, string> {
  return new Map([...names].map((name) => [toSnake(name), name]))
}

/** Finds the field that a name stands for: its own name or the snake_case one. */
export function fieldNames(names: Iterable<string>): (name: string) => string | undefined {
  const own = new Set(names)
  const bySnake = snakeNames(own)
  return (name) => (own.has(name) ? name : bySnake.get(name))
}
