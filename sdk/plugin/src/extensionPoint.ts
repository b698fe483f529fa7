declare const contribution: unique symbol

/** A named socket that one plugin owns and others fill. */
export interface ExtensionPoint<X> {
  readonly id: string
  readonly [contribution]?: X
}

/** Declares an extension point. The id is `<plugin>.<what>`. */
export function extensionPoint<X>(id: string): ExtensionPoint<X> {
  return { id }
}

/** What a plugin reports to `GET /api/status`: fields at the top level of the answer. */
export type StatusReport = () => Promise<Readonly<Record<string, unknown>>>

/** Owned by the host. */
export const statusReports: ExtensionPoint<StatusReport> = extensionPoint('core.status-reports')
