// Writes the list of runtime dependencies in THIRD-PARTY.md, between its two marks:
//   node docs/scripts/thirdParty.js

import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const page = join(root, 'THIRD-PARTY.md')
const ours = ['sdk/plugin', 'sdk/testing', 'core', 'plugins/recorder']
const begin = '<!-- generated: begin -->'
const end = '<!-- generated: end -->'

const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))

/** The place in the lock file at which `name`, required from `from`, is found: Node's own search, upwards. */
function resolvePackage(name, from) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    const place = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`
    if (packages[place]) return packages[place].link ? packages[place].resolved : place
    if (folder === '') return undefined
  }
}

/** Everything that the packages at these places need at run time, optional packages included. */
function closure(places) {
  const found = new Map()
  const visit = (place, isOptional) => {
    const entry = packages[place]
    if (!entry || (found.has(place) && (isOptional || !found.get(place)))) return
    found.set(place, isOptional)
    for (const name of Object.keys(entry.dependencies ?? {})) visitNamed(name, place, isOptional)
    for (const name of Object.keys(entry.optionalDependencies ?? {})) visitNamed(name, place, true)
  }
  const visitNamed = (name, from, isOptional) => {
    const place = resolvePackage(name, from)
    if (place !== undefined) visit(place, isOptional)
  }
  for (const place of places) visit(place, false)
  for (const place of places) found.delete(place)
  return found
}

/** The licence that the package itself states, where it is installed; else the one in the lock file. */
function licenceOf(place) {
  try {
    const { license, licenses } = JSON.parse(readFileSync(join(root, place, 'package.json'), 'utf8'))
    return license?.type ?? license ?? licenses?.map(({ type }) => type).join(' OR ')
  } catch {
    return packages[place].license
  }
}

const rows = [...closure(ours)]
  .map(([place, isOptional]) => ({
    name: place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length),
    version: packages[place].version,
    licence: licenceOf(place) ?? 'not stated',
    isOptional
  }))
  .sort((one, other) => (`${one.name}@${one.version}` < `${other.name}@${other.version}` ? -1 : 1))

const counts = new Map()
for (const { licence } of rows) counts.set(licence, (counts.get(licence) ?? 0) + 1)
const summary = [...counts]
  .sort((one, other) => other[1] - one[1])
  .map(([licence, count]) => `${count} ${licence}`)

const list = [
  begin,
  '',
  `${rows.length} packages: ${summary.join(', ')}.`,
  '',
  '| Package | Version | Licence | Optional |',
  '| --- | --- | --- | --- |',
  ...rows.map(
    ({ name, version, licence, isOptional }) =>
      `| ${name} | ${version} | ${licence} | ${isOptional ? 'yes' : ''} |`
  ),
  '',
  end
].join('\n')

const text = readFileSync(page, 'utf8')
const [before, rest] = [text.slice(0, text.indexOf(begin)), text.slice(text.indexOf(end) + end.length)]
writeFileSync(page, before + list + rest)
