import type { Manifest, ManifestPlugin } from '../manifest/Manifest.ts'
import { TypeNames } from '../names/TypeNames.ts'
import { camel, pascal } from '../names/words.ts'
import { checkNames } from './checkNames.ts'
import type { ClientPlan, PartPlan } from './ClientPlan.ts'
import { planService } from './planService.ts'
import { recordNames } from './recordNames.ts'

/** Names everything in the client of a manifest. Throws a sentence where two things would bear one name. */
export function planClient(manifest: Manifest): ClientPlan {
  checkNames(manifest)
  const names = new TypeNames()
  // Records come first: it is their names that are read most.
  const records = new Map(manifest.resources.map((resource) => [resource.path, recordNames(resource, names)]))
  const plan = (plugin: ManifestPlugin): PartPlan => {
    const commands = manifest.commands.filter((command) => command.plugin === plugin.name)
    const services = [...manifest.resources, ...manifest.services].filter((one) => one.plugin === plugin.name)
    const owner = plugin.name
    return {
      plugin,
      constant: names.claim(owner, camel(plugin.short), `${camel(plugin.short)}Plugin`),
      servicesType: names.claim(owner, `${pascal(plugin.short)}Services`),
      commandsType: commands.length ? names.claim(owner, `${pascal(plugin.short)}Commands`) : undefined,
      services: services.map((service) =>
        planService({ service, names, record: records.get(service.path), commands: manifest.commands })
      ),
      commands
    }
  }
  const parts = manifest.plugins.map(plan)
  return {
    hash: manifest.hash,
    title: `${manifest.name} ${manifest.version}`,
    parts: parts.filter(({ services, commands }) => services.length > 0 || commands.length > 0)
  }
}
