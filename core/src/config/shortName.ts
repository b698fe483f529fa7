/**
 * The short name of a plugin: the last part of its npm name, without a leading `plugin-` or `signalbox-plugin-`.
 *
 * @example
 * shortName('@signalbox/telephony') // 'telephony'
 * shortName('@acme/signalbox-plugin-weather') // 'weather'
 */
export function shortName(name: string): string {
  const last = name.slice(name.lastIndexOf('/') + 1)

  return last.replace(/^(signalbox-)?plugin-/, '')
}
