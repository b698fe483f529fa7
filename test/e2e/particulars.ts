/** After these the session that they were called with is over. */
export const endsSession = /^(auth\.(logout|logoutEverywhere|endSession)|users\.endSessions)$/

/** What no schema can tell, by operation; the rest of a call is made up from its schema. */
export const particulars: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'api-keys.create': { permissions: ['cameras:read'], expiresAt: '2099-01-01T00:00:00.000Z' },
  'api-keys.update': { permissions: ['cameras:read'], expiresAt: '2099-01-01T00:00:00.000Z' },
  'api-keys.patch': { permissions: ['cameras:read'], expiresAt: '2099-01-01T00:00:00.000Z' },
  'auth.changePassword': { currentPassword: 'correct horse battery', newPassword: 'correct horse battery' },
  'auth.login': { email: 'admin@example.org', password: 'correct horse battery' },
  'authentication.create': { email: 'admin@example.org', password: 'correct horse battery' },
  'cameras.create': { protocol: 'test' },
  'cameras.update': { protocol: 'test' },
  'grants.create': { subjectType: 'role', subjectId: 'viewer', permission: 'cameras:read' },
  'grants.update': { subjectType: 'role', subjectId: 'viewer', permission: 'cameras:read' },
  'permissions.explain': { permission: 'cameras:read', id: undefined },
  'permissions.create': { permissionKey: 'sample:read' },
  'permissions.update': { permissionKey: 'sample:read' }
}
