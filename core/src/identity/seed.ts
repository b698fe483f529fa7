import { randomBytes } from 'node:crypto'
import type { Resource, ServiceOf } from '@signalbox/plugin'
import type { Permission } from '../access/permissions.ts'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import { hashPassword } from './passwords.ts'
import { permissions, roles, users } from './resources.ts'

const seededRoles = [
  { id: 'admin', label: 'Administrator', description: 'Everything', permissions: ['*'] },
  {
    id: 'operator',
    label: 'Operator',
    description: 'Reads everything but users, roles and settings, and acts',
    permissions: []
  },
  { id: 'viewer', label: 'Viewer', description: 'Looks, and changes nothing', permissions: [] }
]

export interface SeedOptions {
  readonly units: UnitsOfWork
  /** Seeding writes through the services, so that what it makes is in the feed like everything else. */
  readonly service: <R extends Resource>(resource: R) => ServiceOf<R>
  readonly declared: readonly Permission[]
  readonly administrator: { readonly email: string; readonly password?: string | undefined }
}

const seedLock = 7_446_254_782

/** Makes what every platform has. Returns the first administrator's password if it had to make one up. */
export async function seed(options: SeedOptions): Promise<string | undefined> {
  const { units } = options
  return units.run(async () => {
    // Nodes that start together on an empty database take turns.
    await units.db().raw('select pg_advisory_xact_lock(?)', [seedLock])
    await seedRights(options)
    return seedAdministrator(options)
  })
}

/** Makes the seeded roles once, and gives a newly declared permission to the roles that its plugin names. */
async function seedRights({ units, service, declared }: SeedOptions): Promise<void> {
  const known = new Set((await units.db()('core_permissions').pluck('permission_key')) as string[])
  const added = declared.filter(({ key }) => !known.has(key))
  for (const { key, description, plugin } of added) {
    await service(permissions).create({ permissionKey: key, description, plugin })
  }
  const existing = new Map((await service(roles).find()).map((role) => [role.id, role.permissions]))
  for (const role of seededRoles) {
    const gained = added.filter((permission) => permission.roles.includes(role.id)).map(({ key }) => key)
    const held = existing.get(role.id)
    if (!held) await service(roles).create({ ...role, permissions: [...role.permissions, ...gained] })
    else if (gained.length && role.id !== 'admin') {
      await service(roles).patch(role.id, { permissions: [...new Set([...held, ...gained])] })
    }
  }
}

async function seedAdministrator({
  units,
  service,
  administrator
}: SeedOptions): Promise<string | undefined> {
  const anybody = (await units.db()('core_users').first('id')) as unknown
  if (anybody) return undefined
  const { email, password } = administrator
  const generated = password === undefined ? randomBytes(12).toString('base64url') : undefined
  const hash = await hashPassword(password ?? (generated as string))
  await service(users).create({ email, password: hash, role: 'admin', firstName: 'Administrator' })
  return generated
}
