import type { Application } from '@feathersjs/feathers'
import type { SecretBox } from '../data/SecretBox.ts'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import type { HandlerTable } from '../plugins/HandlerTable.ts'
import { mountResource, mountService } from './mountService.ts'
import type { ResourceModel } from './Model.ts'
import type { Registry } from './Registry.ts'
import type { TableService } from './TableService.ts'

export interface MountOptions {
  readonly app: Application
  readonly registry: Registry
  readonly handlers: HandlerTable
  readonly units: UnitsOfWork
  /** The box that seals the secrets of a resource. */
  readonly secretsOf: (path: string) => SecretBox
  readonly onChange: () => void
  /** Services that are Feathers services already, by path. */
  readonly ready: Readonly<Record<string, object>>
}

/** Puts every resource and service into the Feathers application; returns the tables' services by path. */
export function mountAll(options: MountOptions): ReadonlyMap<string, TableService> {
  const { app, registry, handlers, units, secretsOf, onChange } = options
  const tables = new Map<string, TableService>()
  const modelOf = (path: string): ResourceModel | undefined => {
    const model = registry.find(path)?.model
    return model?.kind === 'resource' ? model : undefined
  }
  for (const model of registry.models()) {
    const registered = registry.at(model.path)
    const given = handlers.of(model.path)
    const made = options.ready[model.path]
    if (made) app.use(model.path, made as never, { methods: [...model.methods.keys()], events: ['created'] })
    else if (model.kind === 'service') mountService(app, registered, given)
    else
      tables.set(
        model.path,
        mountResource(app, registered, given, { units, secrets: secretsOf(model.path), modelOf, onChange })
      )
  }
  return tables
}
