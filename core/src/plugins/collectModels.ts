import { baseFields, type Plugin, type Resource } from '@signalbox/plugin'
import { resourceModel, serviceModel, type Model } from '../resources/Model.ts'
import type { OwnedAugmentation } from '../resources/OwnedAugmentation.ts'

/** Compiles every resource and service of these plugins, augmentations laid onto the resources they are for. */
export function collectModels(plugins: readonly Plugin[]): Model[] {
  const augmentations = plugins.flatMap(({ name, augmentations = [] }) =>
    augmentations.map((augmentation): OwnedAugmentation => ({ plugin: name, augmentation }))
  )
  const resources = new Map<string, { resource: Resource; plugin: string }>()
  for (const { name, resources: declared = [] } of plugins) {
    for (const resource of declared) resources.set(resource.path, { resource, plugin: name })
  }
  for (const { plugin, augmentation } of augmentations) {
    if (!resources.has(augmentation.resource.path)) {
      throw new Error(`${plugin} augments ${augmentation.resource.path}, which no configured plugin owns.`)
    }
  }
  const compiled = plugins.flatMap(({ name, resources: declared = [] }) =>
    declared.map((resource) => {
      const own = augmentations.filter(({ augmentation }) => augmentation.resource.path === resource.path)
      checkClaims(resource, name, own)
      return resourceModel(resource, name, own)
    })
  )
  const services = plugins.flatMap(({ name, services: declared = [] }) =>
    declared.map((service) => serviceModel(service, name))
  )
  return [...compiled, ...services]
}

/** Each field and method of a resource has one owner. */
function checkClaims(resource: Resource, owner: string, augmentations: readonly OwnedAugmentation[]): void {
  const claims = new Map<string, string>()
  const claim = (plugin: string, names: readonly string[]): void => {
    for (const name of names) {
      const taken = claims.get(name)
      if (taken) throw new Error(`${taken} and ${plugin} both claim ${name} of ${resource.path}.`)
      claims.set(name, plugin)
    }
  }
  claim(owner, [
    ...Object.keys(baseFields),
    ...Object.keys(resource.schema.properties),
    ...Object.keys(resource.detail ?? {}),
    ...Object.keys(resource.methods ?? {})
  ])
  for (const { plugin, augmentation } of augmentations) {
    claim(plugin, [...Object.keys(augmentation.fields ?? {}), ...Object.keys(augmentation.methods ?? {})])
  }
}
