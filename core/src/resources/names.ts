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
